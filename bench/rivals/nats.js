import { spawn, spawnSync } from 'node:child_process';
import { connect } from '@nats-io/transport-node';
import { freePort } from '../dist/contenders/net-line.js';

const SUBJECTS = ['one', 'other'];
/** Bytes sent before a sender waits for the broker's answer: its API has no drain. */
const HIGH_WATER_BYTES = 1_048_576;

/** Through a broker of the benchmark's own, Debian's nats-server, which ends with the process that listens. */
export const nats = {
  about: 'nats.js through a nats-server on the loopback',
  keeps: true,
  async listen(accept) {
    if (spawnSync('nats-server', ['--version']).status !== 0) throw new Error('no nats-server');
    const port = await freePort();
    const broker = spawn('nats-server', ['-a', '127.0.0.1', '-p', String(port)], {
      stdio: 'ignore',
    });
    process.once('exit', () => broker.kill());
    await use(port, accept, SUBJECTS);
    return port;
  },
  async dial(port, accept) {
    await use(port, accept, SUBJECTS.toReversed());
  },
};

async function use(port, accept, [own, other]) {
  const connection = await connect({
    servers: `127.0.0.1:${port}`,
    waitOnFirstConnect: true,
    reconnectTimeWait: 20,
  });
  let waiting = 0;
  const receive = accept({
    send(message) {
      connection.publish(other, message);
      waiting += message.length;
      return waiting < HIGH_WATER_BYTES;
    },
    async roomy() {
      await connection.flush();
      waiting = 0;
    },
    close: () => connection.close(),
  });
  connection.subscribe(own, { callback: (_, { data }) => receive(data, 0, data.length) });
  await connection.flush();
}
