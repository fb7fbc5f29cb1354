import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import createMdns from 'multicast-dns';
import { ownAddresses } from './own-addresses.js';

const SERVICE = '_bench._tcp.local';

/** A question for the service, and the records of DNS service discovery for an answer. */
export const multicastDns = {
  about: 'multicast-dns, a question for a service; met when its address has come, nothing connects',
  async stay() {
    await once(join(), 'ready');
  },
  prepare: async () => () =>
    new Promise((resolve) => {
      join(resolve).query(SERVICE, 'PTR');
    }),
};

function join(onFound = () => {}) {
  const own = `${randomUUID()}.${SERVICE}`;
  const mdns = createMdns();
  mdns.on('query', ({ questions }) => {
    if (questions.some(({ name }) => name === SERVICE)) mdns.respond(recordsOf(own));
  });
  mdns.on('response', ({ answers }) => {
    const isOther = ({ type, name, data }) => type === 'PTR' && name === SERVICE && data !== own;
    if (answers.some(isOther) && answers.some(({ type }) => type === 'A')) onFound();
  });
  return mdns;
}

function recordsOf(own) {
  const target = `${own.slice(0, 36)}.local`;
  return [
    { name: SERVICE, type: 'PTR', ttl: 120, data: own },
    { name: own, type: 'SRV', ttl: 120, data: { port: 9_999, target } },
    ...ownAddresses().map((address) => ({ name: target, type: 'A', ttl: 120, data: address })),
  ];
}
