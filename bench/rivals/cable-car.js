import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { freePort } from '../dist/contenders/net-line.js';
import { pythonWithCableCar } from './python.js';

const END = fileURLToPath(new URL('cable_car_end.py', import.meta.url));
const run = promisify(execFile);
/** What the program at either end does. */
const PARTS = ['throughput', 'echo', 'ticks'];

/** Python at both ends: polling without a rest, as fast as the library can be driven; of ticks, a game loop. */
function contender(wire) {
  const none = () => Promise.reject(new Error(`cable_car does not take part in this`));
  return {
    about: `Python's cable_car, ${wire} messages, both ends polling without a rest, or a game loop each`,
    listen: none,
    dial: none,
    workloads: Object.fromEntries(PARTS.map((name) => [name, workload(name, wire)])),
  };
}

function workload(name, wire) {
  const end = async (role, port, settings) => {
    const python = pythonWithCableCar();
    const args = ['-B', END, role, wire, String(port), name, JSON.stringify(settings)];
    return JSON.parse((await run(python, args)).stdout);
  };
  return {
    async receive({ settings, channel }) {
      const port = await freePort();
      channel.tell(port);
      const { sum, ...figures } = await end('receive', port, settings);
      channel.tell({ sum, messages: figures.messages });
      return figures;
    },
    async send({ settings, channel }) {
      const { sum, messages, ...figures } = await end('send', await channel.hear(), settings);
      const came = await channel.hear();
      if (came.sum !== sum || came.messages !== messages) {
        throw new Error(`${came.messages} of ${messages} came, or not as they went`);
      }
      return figures;
    },
  };
}

export const cableCarJson = contender('json');
export const cableCarByte = contender('byte');
