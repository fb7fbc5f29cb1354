// A user's program: it meets another one on this machine, greets it, prints what it hears, and leaves. Arguments: its name,
// the options of `join()` as JSON, and `stays` for the one that leaves last and prints how the other did. It is made into
// every form in which users run theirs; see forms.ts.
import { join, jsonMessage, type JoinOptions } from 'cablecar';

class Greeting extends jsonMessage('Greeting')<{ text: string }> {}

async function main(
  name: string,
  options: Omit<JoinOptions, 'messages'>,
  stays: boolean,
): Promise<void> {
  const mesh = await join({ interfaces: 'loopback', ...options, name, messages: [Greeting] });
  const peer = await mesh.firstPeer({ timeoutMs: 20_000 });
  const left = new Promise<string>((resolve) => peer.on('close', ({ code }) => resolve(code)));
  peer.send(new Greeting({ text: `hello from ${name}` }));
  for await (const { text } of peer) {
    console.log(`${peer.info.name} says: ${text}`);
    break;
  }
  if (stays) console.log(`${peer.info.name} left: ${await left}`);
  await mesh.close();
}

const [name = '', options = '{}', stays] = process.argv.slice(2);
void main(name, JSON.parse(options) as JoinOptions, stays === 'stays');
