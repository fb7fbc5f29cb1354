import { networkInterfaces } from 'node:os';

/** The IPv4 addresses of this host by which others reach it. */
export function ownAddresses() {
  const all = Object.values(networkInterfaces()).flat();
  return all
    .filter(({ family, internal }) => family === 'IPv4' && !internal)
    .map(({ address }) => address);
}
