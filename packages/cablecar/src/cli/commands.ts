import type { Command } from './command.ts';
import { JOIN_FLAGS, PLACE_FLAGS, TIMEOUT_FLAG } from './shared-flags.ts';

/** Every command, by its name, in the order of the help. */
export const COMMANDS: Readonly<Record<string, Command>> = {
  doctor: {
    summary: 'find out why programs do not meet',
    operands: '[HOST]',
    mostOperands: 1,
    about: [
      'Looks at every interface, sends beacons and listens for its own and for those of others, dials the programs it hears, and says what stands in the way and how to mend it.',
      'Run it on two machines to learn what happens between them: `cablecar doctor --stay` on the one, `cablecar doctor HOST` on the other, HOST being the address of the first.',
      'Ends with 0 when all is well, with 1 when there is a problem. `--json` gives the whole report.',
    ],
    flags: {
      ...PLACE_FLAGS,
      wait: { type: 'string', value: 'SECONDS', about: 'how long to look; 3, or 5 with a HOST' },
      'secret-file': { type: 'string', value: 'FILE', about: "the programs' secret, to compare" },
      stay: { type: 'boolean', about: 'go on answering other doctors until Ctrl-C' },
    },
    load: () => import('./doctor.ts'),
  },
  watch: {
    summary: 'show who is there, live',
    operands: '',
    mostOperands: 0,
    about: [
      'Joins the service and shows every peer with its round-trip time, what passes between it and this program, and its state; below them the services on the network, and what happens. Keys: p pings everybody, q quits.',
      'With `--json`, or where the output is no terminal, an event or a reading of all peers is printed on each line instead.',
    ],
    flags: JOIN_FLAGS,
    load: () => import('./watch/watch.ts'),
  },
  chat: {
    summary: 'talk with everybody of a service',
    operands: '',
    mostOperands: 0,
    about: [
      'Each line of the input goes to everybody. `/who` lists them, `/quit` or Ctrl-D ends. It speaks the message `Chat` with the attribute `text`, so that it talks with your own program as well.',
    ],
    flags: JOIN_FLAGS,
    load: () => import('./chat.ts'),
  },
  ping: {
    summary: 'measure the round-trip time to a peer',
    operands: '[PEER]',
    mostOperands: 1,
    about: [
      'PEER is a name, an address, or the beginning of an id; the first that is met if it is left out. Any program that uses cablecar answers. Ends with 0 when there was an answer.',
    ],
    flags: {
      ...JOIN_FLAGS,
      ...TIMEOUT_FLAG,
      count: { type: 'string', short: 'c', value: 'N', about: 'stop after so many; 4' },
      interval: {
        type: 'string',
        short: 'i',
        value: 'SECONDS',
        about: 'between two; 1, at most 3',
      },
    },
    load: () => import('./ping.ts'),
  },
  send: {
    summary: 'send the lines of the input',
    operands: '',
    mostOperands: 0,
    about: [
      'Reads a JSON value from each line of the input and sends it to everybody of the service who runs `cablecar listen`, in order and without loss; waits until all of it was received. Ends with 0 only then.',
    ],
    flags: {
      ...JOIN_FLAGS,
      ...TIMEOUT_FLAG,
      to: { type: 'string', value: 'PEER', about: 'only to this peer: a name, address or id' },
      receivers: { type: 'string', value: 'N', about: 'wait until there are so many; 1' },
      text: { type: 'boolean', about: 'the lines are text, not JSON' },
    },
    load: () => import('./send.ts'),
  },
  listen: {
    summary: 'print what others send',
    operands: '',
    mostOperands: 0,
    about: [
      'Prints each value that somebody sends by `cablecar send`, as JSON on a line of its own. With `--json` each line also tells whose it is, and who comes and goes.',
    ],
    flags: {
      ...JOIN_FLAGS,
      count: { type: 'string', short: 'c', value: 'N', about: 'stop after so many values' },
      once: {
        type: 'boolean',
        about: 'listen to the first program met alone, and stop when it has left',
      },
      text: { type: 'boolean', about: 'print text as it is, not as JSON' },
    },
    load: () => import('./listen.ts'),
  },
  bench: {
    summary: 'measure how fast two machines talk',
    operands: '[PEER]',
    mostOperands: 1,
    about: [
      'Run `cablecar bench --serve` on one machine and `cablecar bench` on another. Measures round trips, small messages a second, and bytes a second.',
    ],
    flags: {
      ...JOIN_FLAGS,
      ...TIMEOUT_FLAG,
      serve: { type: 'boolean', about: 'be the other end, until Ctrl-C' },
      seconds: { type: 'string', value: 'SECONDS', about: 'how long each measurement takes; 2' },
    },
    load: () => import('./bench.ts'),
  },
};
