/**
 * A program of strangers who connect and never complete a handshake: half say nothing, half trickle a ClientHello.
 * Arguments: how it is done, as JSON. Prints how many connections were made, when it is over.
 */
import { connect, type Socket } from 'node:net';
import { clientHello } from '../../support/client-hello.ts';
import { hostileAddress } from '../flood/address.ts';
import { everyTick, type Pace } from '../flood/pace.ts';

const pace = JSON.parse(process.argv[2] ?? '{}') as Pace & {
  readonly port: number;
  readonly addresses: number;
};
const TRICKLE_MS = 400;

const hello = await clientHello();
const trickling = new Map<Socket, number>();
let begun = 0;
let made = 0;

const trickle = setInterval(() => {
  for (const [socket, said] of trickling) {
    socket.write(hello.subarray(said, said + 1));
    trickling.set(socket, said + 1);
  }
}, TRICKLE_MS);

await everyTick(pace, () => {
  const number = begun++;
  const socket = connect({
    port: pace.port,
    host: '127.0.0.1',
    localAddress: hostileAddress(number % pace.addresses),
  });
  socket.on('error', () => {}).on('close', () => trickling.delete(socket));
  socket.on('connect', () => {
    made++;
    if (number % 2 === 1) return;
    socket.write(hello.subarray(0, 1));
    trickling.set(socket, 1);
  });
  socket.resume();
});
clearInterval(trickle);
console.log(JSON.stringify({ kind: 'over', count: made }));
process.exit(0); // with whatever is still open
