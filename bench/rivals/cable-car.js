import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { freePort } from '../dist/contenders/net-line.js';
import { pythonWithCableCar } from './python.js';

const END = fileURLToPath(new URL('cable_car_end.py', import.meta.url));
const run = promisify(execFile);

/** Python at both ends, polling without a rest, as fast as the library can be driven. */
function contender(wire) {
  const none = () => Promise.reject(new Error(`cable_car does not take part in this`));
  return {
    about: `Python's cable_car, ${wire} messages, both ends polling without a rest`,
    listen: none,
    dial: none,
    workloads: { throughput: workload('throughput', wire), echo: workload('echo', wire) },
  };
}

function workload(name, wire) {
  const end = async (role, port, { warmUpMs, ms }) => {
    const python = pythonWithCableCar();
    const args = [END, role, wire, port, name, warmUpMs, ms].map(String);
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
