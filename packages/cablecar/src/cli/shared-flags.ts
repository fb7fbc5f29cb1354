import type { Flags } from './flags.ts';

/** The flags of every command. */
export const EVERY_FLAG: Flags = {
  json: { type: 'boolean', about: 'answer in JSON, a value on each line' },
  help: { type: 'boolean', short: 'h', about: 'show this' },
};

/** Which service, and where in the network: what the doctor has in common with the programs that it looks after. */
export const PLACE_FLAGS: Flags = {
  service: { type: 'string', value: 'NAME', about: 'only programs of the same service meet' },
  name: { type: 'string', value: 'NAME', about: 'what others see; user@host if left out' },
  interfaces: {
    type: 'string',
    value: 'WHICH',
    about: 'all, loopback, or names and addresses with commas between',
  },
  'udp-port': { type: 'string', value: 'PORT', about: 'the port of the beacons; 18222' },
  'tcp-port': { type: 'string', value: 'PORT', about: 'the port to listen on; any if left out' },
};

/** The flags of every command that joins a service: the options of `join()`. */
export const JOIN_FLAGS: Flags = {
  ...PLACE_FLAGS,
  peers: {
    type: 'string',
    value: 'HOSTS',
    about: 'ask these hosts directly: host or host:port, with commas between',
  },
};

/** How long to look for somebody. */
export const TIMEOUT_FLAG: Flags = {
  timeout: {
    type: 'string',
    value: 'SECONDS',
    about: 'give up when nobody was found for so long; 10',
  },
};
