import { connect, type Socket } from 'node:net';
import { Worker } from 'node:worker_threads';
import type { Endpoint } from '@cablecar/core-protocol';
import { freeUdpPort } from '../../../test/compliance/free-udp-port.ts';
import { describeTransport } from '../../../test/compliance/transport-compliance.ts';
import type { TransportHost, TransportWorld } from '../../../test/compliance/transport-world.ts';
import { nodeTransport } from './node-transport.ts';

describeTransport('Node on loopback', makeWorld);

async function makeWorld(): Promise<TransportWorld> {
  const host: TransportHost = {
    transport: nodeTransport(),
    address: '127.0.0.1',
    interfaces: 'loopback',
  };
  const closers: (() => unknown)[] = [];
  return {
    hosts: [host, host, host],
    udpPort: await freeUdpPort(),
    silent: () => silentEndpoint(closers),
    run: (promise) => promise,
    close: async () => {
      await Promise.all(closers.map((close) => close()));
    },
  };
}

/** A listener whose thread sleeps and whose queue of connections to accept is full: the system answers no more. */
async function silentEndpoint(closers: (() => unknown)[]): Promise<Endpoint> {
  const worker = new Worker(
    `const server = require('node:net').createServer();
     server.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
       require('node:worker_threads').parentPort.postMessage(server.address().port);
       Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
     });`,
    { eval: true },
  );
  closers.push(() => worker.terminate());
  const port = await new Promise<number>((resolve) => worker.once('message', resolve));
  const endpoint = { host: '127.0.0.1', port };
  const fillers: Socket[] = Array.from({ length: 4 }, () => connect(endpoint));
  for (const filler of fillers) filler.on('error', () => {});
  closers.push(() => fillers.forEach((filler) => filler.destroy()));
  await Promise.all(
    fillers.slice(0, 2).map((filler) => new Promise<void>((done) => filler.once('connect', done))),
  );
  return endpoint;
}
