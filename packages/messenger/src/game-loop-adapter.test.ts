import { byteMessage } from '@cablecar/core-protocol';
import { World } from '@cablecar/simulator';
import { expect, it } from 'vitest';
import { linkPair } from '../../../test/support/link-pair.ts';
import { GameLoopAdapter } from './game-loop-adapter.ts';
import { Messenger } from './messenger.ts';

class Count extends byteMessage(0x20, { number: 'u32' }) {}

it('a game loop ends by xfer() when the peer has left between two frames, and send() throws only after that', async () => {
  const { world, ada, bob } = await linkPair(new World({ seed: 1 }));
  const line = new GameLoopAdapter(new Messenger(ada, { messages: [Count] }));
  const other = new Messenger(bob, { messages: [Count] });
  other.send(new Count({ number: 7 }));
  await world.runUntil(other.close());
  await world.runUntil(() => line.closed);

  expect(line.send(new Count({ number: 1 }))).toBe(false);
  expect(line.xfer()).toBe(true); // what came before the goodbye is still to be had
  expect(line.get()?.number).toBe(7);
  expect(line.send(new Count({ number: 2 }))).toBe(false);
  expect(line.xfer()).toBe(false);
  expect(line.get()).toBeNull();
  const closed: unknown = expect.objectContaining({ code: 'ERR_CLOSED' });
  expect(() => line.send(new Count({ number: 3 }))).toThrow(closed);
});

it('a game loop that closed by itself must not send', async () => {
  const { ada } = await linkPair(new World({ seed: 1 }));
  const line = new GameLoopAdapter(new Messenger(ada, { messages: [Count] }));
  line.close();
  const closed: unknown = expect.objectContaining({ code: 'ERR_CLOSED' });
  expect(() => line.send(new Count({ number: 1 }))).toThrow(closed);
});
