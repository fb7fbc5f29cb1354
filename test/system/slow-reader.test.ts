import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { jsonMessage, Messenger } from 'cablecar';
import { expect, test } from 'vitest';

class Count extends jsonMessage('Count')<{ number: number; padding: string }> {}

async function socketPair(): Promise<readonly [Socket, Socket]> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const accepting = once(server, 'connection') as Promise<[Socket]>;
  const dialled = connect((server.address() as AddressInfo).port, '127.0.0.1');
  const [accepted] = await accepting;
  server.close();
  return [dialled, accepted];
}

test('a classic peer that reads late gets every line as it was sent', async () => {
  const [ours, theirs] = await socketPair();
  const messenger = new Messenger(ours, { wire: 'classic-json', messages: [Count] });
  const padding = '.'.repeat(1_000);
  let sent = 0;
  // A little in each turn, until more waits than the system takes, and then a good deal more.
  while (ours.writableLength < 200_000 && sent < 50_000) {
    const roomy = messenger.send(new Count({ number: sent++, padding }));
    await new Promise(setImmediate);
    if (!roomy) break;
  }
  let text = '';
  theirs.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  await Promise.all([once(theirs, 'end'), messenger.close({ flushTimeoutMs: 60_000 })]);
  const lines = text.trimEnd().split('\n');
  expect(lines.map((line) => (JSON.parse(line) as [string, { number: number }])[1].number)).toEqual(
    Array.from({ length: sent }, (_, number) => number),
  );
});
