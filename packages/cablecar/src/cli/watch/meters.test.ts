import { encodeBeacon, serviceHash, type BeaconKind, type PeerInfo } from '@cablecar/core-protocol';
import type { MessengerStats } from '@cablecar/messenger';
import { describe, expect, it } from 'vitest';
import { PeerMeter } from './peer-row.ts';
import { ServiceList } from './service-list.ts';

const INFO: PeerInfo = {
  id: 'b0'.repeat(16),
  epoch: '00'.repeat(8),
  name: 'bob',
  metadata: {},
  endpoint: { host: 'fe80::1', port: 4242 },
  dialledBy: 'them',
  via: 'broadcast',
};

const STATS: MessengerStats = {
  ...{ lastMs: undefined, smoothedMs: undefined, minimumMs: undefined, jitterMs: undefined },
  ...{ messagesSent: 0, messagesReceived: 0, bytesSent: 0, bytesReceived: 0 },
  ...{ messagesSentPerSecond: 0, messagesReceivedPerSecond: 0 },
  ...{ bytesSentPerSecond: 0, bytesReceivedPerSecond: 0 },
  ...{ messagesDropped: 0, messagesSkipped: 0, messagesPending: 0, bytesPending: 0 },
  messagesWaiting: 0,
};

describe('the meter of a peer', () => {
  it('makes a row of what a messenger counts', () => {
    const stats = { ...STATS, messagesReceivedPerSecond: 5, bytesSentPerSecond: 250, lastMs: 2 };
    const meter = new PeerMeter(1000);
    expect(meter.read(INFO, stats, 3000)).toMatchObject({
      ...{ messagesIn: 5, bytesOut: 250, sinceMs: 2000, roundTrips: [2], roundTripMs: 2 },
      ...{ address: '[fe80::1]:4242', road: 'broadcast, came' },
    });
    expect(meter.read(INFO, stats, 4000).roundTrips).toEqual([2]);
  });

  it('keeps a minute of round trips', () => {
    const meter = new PeerMeter(0);
    for (let second = 1; second <= 100; second++) {
      meter.read(INFO, { ...STATS, lastMs: second }, second * 1000);
    }
    const { roundTrips } = meter.read(INFO, { ...STATS, lastMs: 101 }, 101_000);
    expect([roundTrips.length, roundTrips[0], roundTrips.at(-1)]).toEqual([60, 42, 101]);
  });
});

describe('the list of services', () => {
  const beacon = (service: string, id: string, kind: BeaconKind = 'announce'): Uint8Array =>
    encodeBeacon({
      ...{ kind, serviceHash: serviceHash(service), id: id.repeat(32), epoch: '00'.repeat(8) },
      ...{ port: 4242, name: 'x', metadata: {} },
    });
  const newList = (): ServiceList => new ServiceList({ service: 'chess', ownId: 'f'.repeat(32) });

  it('counts programs by their service, whose name it knows or not', () => {
    const list = newList();
    expect(list.hear(beacon('chess', 'a'), '10.0.0.1', 0)).toBe('chess');
    expect(list.hear(beacon('chess', 'b'), '10.0.0.2', 0)).toBeUndefined();
    expect(list.hear(beacon('secret', 'c'), '10.0.0.2', 0)).toBe(`#${serviceHash('secret')}`);
    expect(list.rows(0)).toEqual([
      { name: `#${serviceHash('secret')}`, programs: 1, hosts: ['10.0.0.2'] },
      { name: 'chess', programs: 2, hosts: ['10.0.0.1', '10.0.0.2'] },
    ]);
  });

  it('forgets who says goodbye, and who is silent', () => {
    const list = newList();
    list.hear(beacon('chess', 'a'), '10.0.0.1', 0);
    list.hear(beacon('chess', 'b'), '10.0.0.1', 5000);
    expect(list.rows(10_001)).toMatchObject([{ programs: 1 }]);
    list.hear(beacon('chess', 'b', 'goodbye'), '10.0.0.1', 10_002);
    expect(list.rows(10_002)).toEqual([]);
  });

  it('does not count itself, nor what is no beacon', () => {
    const list = newList();
    list.hear(beacon('chess', 'f'), '10.0.0.1', 0);
    list.hear(Buffer.from('BROADCAST'), '10.0.0.1', 0);
    list.hear(new Uint8Array(0), '10.0.0.1', 0);
    expect(list.rows(0)).toEqual([]);
  });
});
