import { describe, expect, it } from 'vitest';
import { campaign } from './campaign.ts';
import type { Target } from './target.ts';
import { TARGETS } from './targets.ts';

const INPUTS = 20_000;

describe('bytes of strangers', { timeout: 120_000 }, () => {
  it.each(TARGETS.map((target) => [target.name, target] as const))(
    'do no harm to %s, and what is valid is understood',
    (name, target) => {
      const inputs = name === 'sessions' ? INPUTS / 10 : INPUTS;
      expect(campaign(target, { seed: 7, inputs })).toEqual([]);
    },
  );

  /** Where a third byte is 0x80 it does what must not happen. */
  const faulty = (what: () => void): Target => ({
    name: 'faulty',
    valid: (prng) => Buffer.from(prng.bytes(20)),
    run: (bytes) => {
      if (bytes[2] === 0x80) what();
    },
  });

  it('are seen to make a decoder throw', () => {
    const found = campaign(
      faulty(() => JSON.parse('{')),
      { seed: 1, inputs: 5_000 },
    );
    expect(found.length).toBeGreaterThan(0);
    expect(found[0]?.sentence).toContain('SyntaxError');
  });

  it('are seen to make it hang', () => {
    const hang = (): void => {
      for (const end = performance.now() + 80; performance.now() < end;);
    };
    const found = campaign(faulty(hang), { seed: 1, inputs: 1_000 });
    expect(found[0]?.sentence).toContain('took more than 50 ms');
  });

  it('that are valid are seen not to be understood', () => {
    const deaf: Target = {
      name: 'deaf',
      valid: (prng) => Buffer.from(prng.bytes(4)),
      run: (_, __, isValid) => {
        if (isValid) throw new Error('it was valid and not understood');
      },
    };
    expect(campaign(deaf, { seed: 1, inputs: 1_000 }).length).toBeGreaterThan(0);
  });
});
