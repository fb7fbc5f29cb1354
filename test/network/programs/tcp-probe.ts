/**
 * A program for LAN tests: listens for connections and sends back what comes; dials as it is told by lines of JSON,
 * says "hello" and prints what happens. Argument: the interfaces to listen on, as JSON.
 */
import { createInterface } from 'node:readline';
import { CableCarError, type Connection, type InterfaceSelection } from '@cablecar/core-protocol';
import { nodeTransport } from '@cablecar/transport';

const interfaces = JSON.parse(process.argv[2] ?? '"all"') as InterfaceSelection;
const transport = nodeTransport();

function print(line: Readonly<Record<string, unknown>>): void {
  console.log(JSON.stringify(line));
}

function report(connection: Connection, onChunk: (bytes: Uint8Array) => void): void {
  const from = connection.remote.host;
  connection.attach({
    onChunk,
    onDrain: () => {},
    onEnd: () => connection.end(),
    onClose: (error) => print({ kind: 'close', from, code: error?.code }),
  });
}

const { port } = await transport.listen({
  port: 0,
  interfaces,
  onConnection: (connection) => {
    print({ kind: 'accepted', from: connection.remote.host, at: connection.local.host });
    report(connection, (bytes) => connection.write([bytes]));
  },
});
print({ kind: 'listening', port });

for await (const line of createInterface({ input: process.stdin })) {
  const { timeoutMs = 5000, ...to } = JSON.parse(line) as {
    readonly host: string;
    readonly port: number;
    readonly timeoutMs?: number;
  };
  try {
    const connection = await transport.dial(to, { timeoutMs });
    print({ kind: 'connected', to: connection.remote.host });
    report(connection, (bytes) => print({ kind: 'echo', text: Buffer.from(bytes).toString() }));
    connection.write([Buffer.from('hello')]);
  } catch (error) {
    print({ kind: 'failed', code: CableCarError.is(error) ? error.code : String(error) });
  }
}
