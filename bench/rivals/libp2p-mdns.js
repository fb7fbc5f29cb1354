import { mdns } from '@libp2p/mdns';
import { make } from './libp2p.js';

/** Whoever is discovered is dialled, as its documentation has it. */
export const libp2pMdns = {
  about: 'libp2p found by @libp2p/mdns, TCP with noise and yamux; met when connected',
  async stay() {
    await join();
  },
  prepare: async () => () => new Promise((resolve) => void join(resolve)),
};

async function join(onConnected = () => {}) {
  const node = await make(['/ip4/0.0.0.0/tcp/0'], { peerDiscovery: [mdns()], start: false });
  node.addEventListener('peer:discovery', ({ detail }) => {
    node.dial(detail.multiaddrs).catch(() => {});
  });
  node.addEventListener('peer:connect', onConnected);
  await node.start();
}
