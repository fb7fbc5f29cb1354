import { createHash } from 'node:crypto';
import createTestnet from 'hyperdht/testnet.js';
import Hyperswarm from 'hyperswarm';
import { ownAddresses } from './own-addresses.js';

const TOPIC = createHash('sha256').update('bench').digest();
/** Nodes of the network of one's own that its documentation advises where there is no internet; one knows them beforehand. */
const NODES = 3;

/** A DHT of the local network, whose first nodes are where the first program is. */
export const hyperswarm = {
  about: 'hyperswarm on a hyperdht of its own with three nodes; met at the encrypted connection',
  async stay() {
    const { bootstrap } = await createTestnet(NODES, { host: ownAddresses()[0] });
    await join(bootstrap).flushed();
    return bootstrap;
  },
  prepare: async () => (bootstrap) => new Promise((resolve) => join(bootstrap, resolve)),
};

function join(bootstrap, onConnection = () => {}) {
  const swarm = new Hyperswarm({ bootstrap });
  swarm.on('connection', (connection) => {
    connection.on('error', () => {});
    onConnection();
  });
  return swarm.join(TOPIC);
}
