// One end of one run, in a process of its own: runner.ts receive|send PEER COUNT [PORT]
import { PEERS } from './peers/index.ts';

const [role, name = '', countText, portText] = process.argv.slice(2);
const peer = PEERS[name];
const count = Number(countText);
if (peer === undefined) throw new Error(`unknown peer ${name}`);

const tell = (line: object): void => void process.stdout.write(`${JSON.stringify(line)}\n`);

if (role === 'send') {
  await peer.send(count, Number(portText));
} else {
  let expected = 0;
  let began = 0;
  await peer.receive(
    count,
    (port) => tell({ port }),
    (sequence) => {
      if (expected === 0) began = performance.now();
      if (sequence !== expected++) throw new Error(`message ${sequence} came as ${expected - 1}`);
    },
  );
  const seconds = (performance.now() - began) / 1_000;
  tell({ messages: expected, perSecond: Math.round(expected / seconds) });
}
