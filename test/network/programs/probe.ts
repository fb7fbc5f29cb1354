/**
 * A program for LAN tests: opens a datagram port, announces itself ten times a second and prints what happens and when.
 * Arguments: its name, then the options as JSON.
 */
import { nodeTransport } from '@cablecar/transport';
import type { BroadcastReach, Endpoint, InterfaceSelection } from '@cablecar/core-protocol';

const [name = 'nameless', json = '{}'] = process.argv.slice(2);
const options = JSON.parse(json) as {
  readonly port: number;
  readonly interfaces?: InterfaceSelection;
  readonly reach?: BroadcastReach;
  /** Told the name by unicast as well, whenever the others are. */
  readonly alsoTo?: Endpoint;
};

function print(line: Readonly<Record<string, unknown>>): void {
  console.log(JSON.stringify({ ...line, at: Date.now() }));
}

const datagrams = await nodeTransport().openDatagrams({
  port: options.port,
  interfaces: options.interfaces ?? 'all',
  handlers: {
    onDatagram: (bytes, from) => {
      const text = Buffer.from(bytes).toString();
      print({ kind: 'datagram', text, from: from.host, port: from.port });
      if (text !== name && !text.startsWith('answer')) {
        datagrams.send(Buffer.from(`answer from ${name} to ${text}`), from);
      }
    },
    onInterfaces: (interfaces) => {
      print({ kind: 'interfaces', addresses: interfaces.map(({ address }) => address) });
    },
    onWarning: ({ code, message }) => print({ kind: 'warning', code, message }),
  },
});
print({ kind: 'open', addresses: datagrams.interfaces.map(({ address }) => address) });

setInterval(() => {
  datagrams.broadcast(Buffer.from(name), options.reach ?? 'subnet');
  if (options.alsoTo !== undefined) datagrams.send(Buffer.from(name), options.alsoTo);
}, 100);
