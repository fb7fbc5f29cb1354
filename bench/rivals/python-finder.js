import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { pythonWithCableCar } from './python.js';

/** Programs of Python that find each other, each loaded beforehand; finding.py says how they are spoken with. */
function finder(about, python, program) {
  const path = fileURLToPath(new URL(program, import.meta.url));
  return {
    about,
    async stay() {
      const running = await start(python(), path);
      running.join();
      await running.hear('there');
    },
    async prepare() {
      const running = await start(python(), path);
      return async () => {
        running.join();
        await running.hear('met');
      };
    },
  };
}

async function start(python, path) {
  const child = spawn(python, ['-B', path], { stdio: 'pipe' });
  await once(child, 'spawn');
  let complaint = '';
  child.stderr.on('data', (text) => (complaint += text));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const hear = async (word) => {
    for (;;) {
      const { value, done } = await lines.next();
      if (done) throw new Error(complaint.trim().split('\n').pop());
      if (value === word) return;
    }
  };
  await hear('loaded');
  return { hear, join: () => child.stdin.write('join\n') };
}

export const cableCar = finder(
  "Python's cable_car, its BroadcastConnector; met when connected",
  pythonWithCableCar,
  'cable_car_finding.py',
);

export const zbeacon = finder(
  "czmq's zbeacon, a beacon a second as Zyre has it; met when one has come, nothing connects",
  () => 'python3',
  'zbeacon_finding.py',
);
