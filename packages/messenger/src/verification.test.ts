import { FRAME, type CableCarError, type Link } from '@cablecar/core-protocol';
import { World } from '@cablecar/simulator';
import { beforeEach, describe, expect, it } from 'vitest';
import { WirePeer } from '../../../test/docs/wire-peer.ts';
import { linkPair } from '../../../test/support/link-pair.ts';
import type { MessengerClose } from './events.ts';
import { Messenger } from './messenger.ts';

const [ADA, BOB, EVE] = ['aa', 'bb', 'ee'].map((byte) => byte.repeat(16)) as [
  string,
  string,
  string,
];

/** A messenger of `own` that takes the other end for `other`. */
function speak(link: Link, own: string, other: string): Messenger {
  const keys = { ownId: own, peer: { ...link.peer, id: other } };
  return new Messenger(Object.assign(link, keys));
}

let world: World;
beforeEach(() => (world = new World({ seed: 7 })));

/** Two messengers, each of which takes the other for somebody. */
async function pair(
  ada: readonly [own: string, other: string],
  bob: readonly [own: string, other: string],
): Promise<[Messenger, Messenger]> {
  const links = await linkPair(world);
  return [speak(links.ada, ...ada), speak(links.bob, ...bob)];
}

describe('verify()', () => {
  it('gives both ends the same six digits, and others each time', async () => {
    const [ada, bob] = await pair([ADA, BOB], [BOB, ADA]);
    const codes = new Set<string>();
    for (let round = 0; round < 5; round++) {
      const [one, other] = await world.runUntil(Promise.all([ada.verify(), bob.verify()]));
      expect(one).toMatch(/^\d{6}$/);
      expect(other).toBe(one);
      codes.add(one);
    }
    expect(codes.size).toBe(5);
  });

  it('waits for the other end, who is asked', async () => {
    const [ada, bob] = await pair([ADA, BOB], [BOB, ADA]);
    const asked: Promise<string>[] = [];
    bob.on('verify', () => asked.push(bob.verify()));
    const code = await world.runUntil(ada.verify());
    expect(await world.runUntil(Promise.all(asked))).toEqual([code]);
  });

  it('gives up in time, and goes on when it is asked again', async () => {
    const [ada, bob] = await pair([ADA, BOB], [BOB, ADA]);
    const late = ada.verify({ timeoutMs: 100 });
    await expect(world.runUntil(late)).rejects.toMatchObject({ code: 'ERR_TIMEOUT' });
    const codes = await world.runUntil(Promise.all([bob.verify(), ada.verify()]));
    expect(codes[0]).toBe(codes[1]);
  });

  it('shows other digits at both ends where somebody in the middle speaks to each', async () => {
    const [ada, eve] = await pair([ADA, EVE], [EVE, ADA]);
    const [seen] = await world.runUntil(Promise.all([ada.verify(), eve.verify()]));
    world = new World({ seed: 8 });
    const [posed, bob] = await pair([EVE, BOB], [BOB, EVE]);
    const [, shown] = await world.runUntil(Promise.all([posed.verify(), bob.verify()]));
    expect(shown).not.toBe(seen);
  });

  it('ends with a fault where somebody in the middle passes on what both say (§6.7(2))', async () => {
    const [ada, bob] = await pair([ADA, EVE], [BOB, EVE]);
    const closes: MessengerClose[] = [];
    for (const end of [ada, bob]) end.on('close', (close) => closes.push(close));
    const code = (error: CableCarError): string => error.code;
    const codes = Promise.all([ada, bob].map((end) => end.verify().catch(code)));
    expect(await world.runUntil(codes)).toEqual(['ERR_CLOSED', 'ERR_CLOSED']);
    expect(closes.map(({ code: how }) => how)).toContain('fault');
  });

  it('is refused where there are no keys', async () => {
    const links = await linkPair(world);
    const verifying = new Messenger(links.ada).verify();
    await expect(world.runUntil(verifying)).rejects.toMatchObject({ code: 'ERR_STATE' });
  });

  it('ends with the messenger', async () => {
    const [ada] = await pair([ADA, BOB], [BOB, ADA]);
    const verifying = ada.verify();
    ada.destroy();
    await expect(world.runUntil(verifying)).rejects.toMatchObject({ code: 'ERR_CLOSED' });
    await expect(ada.verify()).rejects.toMatchObject({ code: 'ERR_CLOSED' });
  });
});

describe('a verification, frame by frame (§6.7(1))', () => {
  function begin(): { wire: WirePeer; messenger: Messenger; ends: unknown[] } {
    const wire = Object.assign(new WirePeer(true), { ownId: ADA });
    const messenger = new Messenger(wire);
    const ends: unknown[] = [];
    messenger.on('close', ({ code }) => ends.push(code));
    return { wire, messenger, ends };
  }
  const commits = ({ type }: { type: number }): boolean =>
    type === FRAME.COMMIT || type === FRAME.REVEAL;
  const seen = (wire: WirePeer): number[] =>
    wire
      .seen()
      .filter(commits)
      .map(({ type }) => type);

  it('waits for OPEN, commits, and reveals nothing before the other has committed', () => {
    const { wire, messenger } = begin();
    void messenger.verify().catch(() => {});
    expect(seen(wire)).toEqual([]);
    wire.open();
    expect(seen(wire)).toEqual([FRAME.COMMIT]);
    wire.sendFrame(FRAME.COMMIT, Buffer.alloc(32, 1));
    expect(seen(wire)).toEqual([FRAME.REVEAL]);
  });

  it.each([
    ['shows what it has not committed itself to', [FRAME.COMMIT, FRAME.REVEAL]],
    ['shows before it has committed itself', [FRAME.REVEAL]],
    ['commits itself twice', [FRAME.COMMIT, FRAME.COMMIT]],
  ])('a peer that %s is at fault (§6.7(2))', (_, types) => {
    const { wire, messenger, ends } = begin();
    wire.open();
    void messenger.verify().catch(() => {});
    for (const type of types) wire.sendFrame(type, Buffer.alloc(32, type));
    wire.settle();
    expect(ends).toEqual(['fault']);
  });

  it('begins anew on another connection (§6.7(3))', async () => {
    const { wire, messenger } = begin();
    wire.open();
    const verifying = messenger.verify();
    expect(seen(wire)).toEqual([FRAME.COMMIT]);
    wire.down();
    await expect(verifying).rejects.toMatchObject({ code: 'ERR_CONNECTION_LOST' });
    wire.up();
    wire.open();
    void messenger.verify().catch(() => {});
    expect(seen(wire)).toEqual([FRAME.COMMIT]);
  });
});
