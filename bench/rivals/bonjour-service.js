import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { Bonjour } from 'bonjour-service';

/** Each publishes a service and looks for those of the same type. */
export const bonjourService = {
  about: 'bonjour-service, publish() and find(); met when the service is up, nothing connects',
  async stay() {
    await once(join(), 'up');
  },
  prepare: async () => () => new Promise((resolve) => join(resolve)),
};

function join(onFound = () => {}) {
  const own = randomUUID();
  const bonjour = new Bonjour();
  bonjour.find({ type: 'bench' }, ({ name, addresses }) => {
    if (name !== own && addresses.length > 0) onFound();
  });
  return bonjour.publish({ name: own, type: 'bench', port: 9_999 });
}
