/**
 * A program for whole-system tests: joins, does nothing, and prints what that costs. Argument: the options of `join()` as
 * JSON. It is told {"do": "measure", "ms": …}.
 */
import { createInterface } from 'node:readline';
import { setTimeout as span } from 'node:timers/promises';
import { join, type JoinOptions, type Transport } from 'cablecar';
import { nodeTransport } from '@cablecar/transport';

interface Order {
  readonly do: 'measure';
  readonly ms: number;
}

let sent = 0;
let heard = 0;

/** The system's transport, with its datagrams counted. */
function counting(transport: Transport): Transport {
  return {
    ...transport,
    async openDatagrams({ handlers, ...options }) {
      const port = await transport.openDatagrams({
        ...options,
        handlers: {
          onDatagram(bytes, from) {
            heard++;
            handlers.onDatagram(bytes, from);
          },
          onInterfaces: (interfaces) => handlers.onInterfaces(interfaces),
          onWarning: (error) => handlers.onWarning(error),
        },
      });
      return {
        get interfaces() {
          return port.interfaces;
        },
        broadcast(bytes, reach) {
          sent++;
          port.broadcast(bytes, reach);
        },
        send(bytes, to) {
          sent++;
          port.send(bytes, to);
        },
        close: () => port.close(),
      };
    },
  };
}

function print(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

async function measure(ms: number): Promise<void> {
  const [sentBefore, heardBefore, began] = [sent, heard, performance.now()];
  const before = process.cpuUsage();
  await span(ms);
  const { user, system } = process.cpuUsage(before);
  const seconds = (performance.now() - began) / 1_000;
  print({
    kind: 'idle',
    seconds,
    cpuSeconds: (user + system) / 1e6,
    sentPerSecond: (sent - sentBefore) / seconds,
    heardPerSecond: (heard - heardBefore) / seconds,
    peers: mesh.peers.size,
  });
}

const options = JSON.parse(process.argv[2] ?? '{}') as JoinOptions;
const mesh = await join({ ...options, transport: counting(nodeTransport()) });
mesh.on('peer', () => print({ kind: 'peer' }));
print({ kind: 'joined' });
const orders = createInterface({ input: process.stdin });
orders.on('line', (line) => void measure((JSON.parse(line) as Order).ms));
orders.on('close', () => process.exit(0)); // whoever started it is gone
