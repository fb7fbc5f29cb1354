/**
 * A program that floods a UDP port: one datagram in four is a beacon of somebody new, one a beacon of another service,
 * one is cut short, and one is no beacon at all. Arguments: how it is done, as JSON. Prints how many it sent.
 */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { encodeBeacon, serviceHash } from '@cablecar/core-protocol';
import { hostileAddress } from '../flood/address.ts';
import { everyTick, type Pace } from '../flood/pace.ts';

const pace = JSON.parse(process.argv[2] ?? '{}') as Pace & {
  readonly port: number;
  readonly addresses: number;
};
/** A socket does not take more at once. */
const MOST_UNDER_WAY = 64;

const sockets = await Promise.all(
  Array.from({ length: pace.addresses }, async (_, number) => {
    const socket = createSocket('udp4').bind(0, hostileAddress(number));
    await once(socket, 'listening');
    return socket;
  }),
);
let sent = 0;
let underWay = 0;

function beacon(service: string): Buffer {
  return encodeBeacon({
    kind: 'announce',
    serviceHash: serviceHash(service),
    id: sent.toString(16).padStart(32, '0'),
    epoch: '00'.repeat(8),
    port: 1024 + (sent % 60_000),
    name: `nobody ${sent}`,
    metadata: { number: sent },
  });
}

function datagram(): Buffer {
  if (sent % 4 === 0) return beacon('default');
  if (sent % 4 === 1) return beacon('another');
  return sent % 4 === 2 ? beacon('default').subarray(0, 50) : Buffer.alloc(400, sent);
}

await everyTick(pace, () => {
  if (underWay >= MOST_UNDER_WAY) return;
  underWay++;
  sockets[sent % sockets.length]?.send(datagram(), pace.port, '127.0.0.1', () => underWay--);
  sent++;
});
console.log(JSON.stringify({ kind: 'over', count: sent }));
process.exit(0);
