import { jsonMessage, NOTE_KINDS, type Note } from '@cablecar/core-protocol';
import { generateSecret } from '@cablecar/discovery';
import { World, type SimHost } from '@cablecar/simulator';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { describe, expect, it } from 'vitest';
import { join } from '../join.ts';
import type { Mesh } from '../mesh.ts';
import type { JoinOptions } from '../options.ts';

class Chat extends jsonMessage('Chat')<{ text: string }> {}

const SECRET = generateSecret();
const HIDDEN = 'nobody-else-may-read-this';

type Party = Mesh<Chat>;

const enter = (world: World, host: SimHost, options: JoinOptions = {}): Promise<Party> =>
  world.runUntil(
    join({ name: host.name, ...options, messages: [Chat], transport: host.transport }),
  );

async function pair(options: JoinOptions = {}): Promise<{ world: World; ada: Party; bob: Party }> {
  const world = new World({ network: { delayMs: [1, 5] } });
  const ada = await enter(world, world.host('ada'), options);
  const bob = await enter(world, world.host('bob'), options);
  await world.runUntil(() => ada.peers.size === 1 && bob.peers.size === 1);
  return { world, ada, bob };
}

const kindsOf = ({ events }: { events: readonly { kind: string }[] }): string[] =>
  events.map(({ kind }) => kind);

describe('mesh.stats', () => {
  it('adds up the peers, and does not forget those that are gone', async () => {
    const { world, ada, bob } = await pair();
    for (const peer of bob.peers.values()) peer.on('message', () => {});
    ada.broadcast(new Chat({ text: 'one' }));
    ada.broadcast(new Chat({ text: 'two' }));
    await world.run({ forMs: 1_000 });
    expect(ada.stats).toMatchObject({ peers: 1, suspects: 0, messagesSent: 2, messagesPending: 0 });
    expect(bob.stats).toMatchObject({ messagesReceived: 2, messagesWaiting: 0 });
    expect(bob.stats.messagesReceivedPerSecond).toBeGreaterThan(0);
    const { bytesSent } = ada.stats;
    expect(bytesSent).toBe(bob.stats.bytesReceived);
    await world.runUntil(bob.close());
    await world.runUntil(() => ada.peers.size === 0);
    const { events, ...stats } = ada.stats;
    expect(stats).toMatchObject({ peers: 0, messagesSent: 2, bytesSent, bytesSentPerSecond: 0 });
    expect(events).toMatchObject({ peer: 1, lost: 1, warning: 0 });
    expect(stats.datagrams.received).toBeGreaterThan(0);
  });

  it('counts who is silent, until it is back', async () => {
    const { world, ada } = await pair();
    const [one, other] = world.hosts as [SimHost, SimHost];
    world.partition([one], [other]);
    await world.runUntil(() => ada.stats.suspects === 1);
    expect(ada.stats.peers).toBe(1);
    expect(ada.report().peers).toMatchObject([{ name: 'bob', isSuspect: true }]);
    world.heal();
    await world.runUntil(() => ada.stats.suspects === 0);
    expect(ada.stats.events).toMatchObject({ suspect: 1, resume: 1, lost: 0 });
  });
});

describe('mesh.report()', () => {
  it('tells what has happened, in its order and as JSON', async () => {
    const { world, ada, bob } = await pair({ service: 'chess' });
    await world.runUntil(bob.close());
    await world.runUntil(() => ada.peers.size === 0);
    const report = ada.report();
    expect(JSON.parse(JSON.stringify(report))).toMatchObject({
      ...{ name: 'ada', id: ada.id, isClosed: false, settings: { service: 'chess' } },
      ...{ hasSecret: false, peers: [], stats: { messagesSent: 0 } },
    });
    expect(kindsOf(report)).toEqual(expect.arrayContaining(['beacon', 'peer', 'lost']));
    expect(kindsOf(report).indexOf('peer')).toBeLessThan(kindsOf(report).indexOf('lost'));
    expect(report.events.at(-1)).toMatchObject({ kind: 'lost', name: 'bob', code: 'goodbye' });
  });

  it('has no secret, metadata or content', async () => {
    const { world, ada, bob } = await pair({ secret: SECRET, metadata: { hidden: HIDDEN } });
    for (const peer of bob.peers.values()) peer.on('message', () => {});
    ada.broadcast(new Chat({ text: HIDDEN }));
    await world.run({ forMs: 500 });
    const text = JSON.stringify([ada.report(), bob.report()]);
    expect(text).toContain('"hasSecret":true');
    expect(text).not.toContain(SECRET);
    expect(text).not.toContain(HIDDEN);
  });

  it('tells of a message that one of the peers could not be sent', async () => {
    const { ada } = await pair({ outboxLimitBytes: 1_024, outboxBytes: 1_024 });
    for (let count = 0; count < 5; count++) ada.broadcast(new Chat({ text: 'x'.repeat(500) }));
    expect(ada.stats.events.warning).toBeGreaterThan(0);
    expect(ada.report().events.at(-1)).toMatchObject({
      ...{ kind: 'warning', name: 'bob' },
      error: expect.stringContaining('[ERR_OUTBOX_FULL]') as string,
    });
  });

  it('keeps no more events than it is told to', async () => {
    const { world, ada, bob } = await pair({ eventLogSize: 1 });
    await world.runUntil(bob.close());
    await world.runUntil(() => ada.peers.size === 0);
    expect(kindsOf(ada.report())).toEqual(['lost']);
  });
});

describe('the channels', () => {
  it('carry what happens from the first beacon to the end', async () => {
    const seen: string[] = [];
    const listeners = NOTE_KINDS.map((kind) => ({
      name: `cablecar:${kind}`,
      listener: (note: unknown) => seen.push((note as Note).kind),
    }));
    for (const { name, listener } of listeners) subscribe(name, listener);
    try {
      const { world, ada, bob } = await pair({ security: 'none' });
      const [one, other] = world.hosts as [SimHost, SimHost];
      world.partition([one], [other]);
      await world.run({ forMs: 8_000 });
      world.heal();
      await world.runUntil(() => ada.stats.suspects + bob.stats.suspects === 0);
      await world.runUntil(bob.close());
      await world.runUntil(() => ada.peers.size === 0);
    } finally {
      for (const { name, listener } of listeners) unsubscribe(name, listener);
    }
    expect([...new Set(seen)].sort()).toEqual([...NOTE_KINDS].sort());
  });

  it('carry nothing of a mesh that has an observer of its own', async () => {
    const seen: unknown[] = [];
    const noted: string[] = [];
    const listener = (note: unknown): unknown => seen.push(note);
    subscribe('cablecar:peer', listener);
    try {
      await pair({ observer: { note: ({ kind }) => noted.push(kind) } });
    } finally {
      unsubscribe('cablecar:peer', listener);
    }
    expect(seen).toEqual([]);
    expect(noted.filter((kind) => kind === 'peer')).toHaveLength(2);
  });
});
