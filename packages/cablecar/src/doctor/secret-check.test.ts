import { World } from '@cablecar/simulator';
import { describe, expect, it } from 'vitest';
import { SecretCheck } from './secret-check.ts';

const FROM = { host: '10.0.0.2', port: 18_222 };

async function check(secret: string): Promise<SecretCheck> {
  const { transport } = new World().host('ada');
  return new SecretCheck(await transport.stretch(secret, 'default'));
}

describe('whether others have the same secret', () => {
  it('is told by what their doctors show', async () => {
    const [ours, same, other] = [await check('a'), await check('a'), await check('b')];
    expect(ours.isSame('id', same.proofOf('id'))).toBe(true);
    expect(ours.isSame('id', other.proofOf('id'))).toBe(false);
  });

  it('is not told by what one doctor shows in the name of another', async () => {
    const ours = await check('a');
    expect(ours.isSame('id', ours.proofOf('another id'))).toBe(false);
  });

  it('is not known where one of the two was given none', async () => {
    const [none, ours] = [new SecretCheck(undefined), await check('a')];
    expect(none.isSame('id', ours.proofOf('id'))).toBeUndefined();
    expect(ours.isSame('id', none.proofOf('id'))).toBeUndefined();
    expect(none.open(new Uint8Array(40), FROM)).toBeUndefined();
  });
});
