import { join, type JoinOptions } from 'cablecar';
import type { Finder } from '../finder.ts';

/** cablecar as a program has it that says no more than its service's name, and how it is secured. */
function cablecarFinder(about: string, security: Pick<JoinOptions, 'security'>): Finder {
  const options = { service: 'bench', ...security };
  return {
    about: `cablecar, ${about}; met at 'peer', which is when both can talk`,
    async stay() {
      await join(options);
    },
    prepare: () =>
      Promise.resolve(async () => {
        const mesh = await join(options);
        await new Promise((resolve) => mesh.once('peer', resolve));
      }),
  };
}

export const cablecarEncrypted: Finder = cablecarFinder('encrypted, as it is by default', {});
export const cablecarPlain: Finder = cablecarFinder('plain', { security: 'none' });
