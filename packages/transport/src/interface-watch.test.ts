import type { NetworkInterface } from '@cablecar/core-protocol';
import { describe, expect, test } from 'vitest';
import { ManualClock } from '../../../test/compliance/manual-clock.ts';
import { InterfaceWatch } from './interface-watch.ts';

describe('an interface watch', () => {
  test('tells what is there before start() returns, and then only changes', () => {
    const { watch, clock, told, become } = scene('10.0.0.1');
    watch.start();
    expect(told).toEqual([['10.0.0.1']]);
    clock.advance(10_000);
    expect(told).toHaveLength(1);
    become('10.0.0.1', '10.1.0.1');
    clock.advance(1000);
    become();
    clock.advance(1000);
    expect(told).toEqual([['10.0.0.1'], ['10.0.0.1', '10.1.0.1'], []]);
  });

  test('tells of a change within 100 ms when it is asked to look soon, however often it is asked', () => {
    const { watch, clock, told, looks, become } = scene('10.0.0.1');
    watch.start();
    become('10.0.0.9');
    const before = looks();
    for (let asked = 0; asked < 100; asked += 1) {
      watch.lookSoon();
      clock.advance(0.5);
    }
    clock.advance(50);
    expect(told.at(-1)).toEqual(['10.0.0.9']);
    expect(looks() - before).toBe(1);
  });

  test('tells again, though nothing changed, once it was made to forget', () => {
    const { watch, clock, told } = scene('10.0.0.1');
    watch.start();
    watch.forget();
    clock.advance(1000);
    clock.advance(1000);
    expect(told).toEqual([['10.0.0.1'], ['10.0.0.1']]);
  });

  test('survives a system that will not list its interfaces, and goes on looking', () => {
    const { watch, clock, told, errors, become, fail } = scene('10.0.0.1');
    fail(new Error('not now'));
    watch.start();
    expect(told).toEqual([]);
    expect(errors).toEqual([new Error('not now')]);
    become('10.0.0.1');
    clock.advance(1000);
    expect(told).toEqual([['10.0.0.1']]);
  });

  test('looks no more once it is closed', () => {
    const { watch, clock, looks } = scene('10.0.0.1');
    watch.start();
    const before = looks();
    watch.close();
    clock.advance(10_000);
    expect(looks()).toBe(before);
  });
});

function scene(...first: readonly string[]) {
  const clock = new ManualClock();
  const told: string[][] = [];
  const errors: unknown[] = [];
  let addresses = first;
  let error: Error | undefined;
  let looks = 0;
  const watch = new InterfaceWatch({
    clock,
    enumerate: () => {
      looks += 1;
      if (error !== undefined) throw error;
      return addresses.map(network);
    },
    onChange: (interfaces) => told.push(interfaces.map(({ address }) => address)),
    onError: (thrown) => errors.push(thrown),
  });
  const become = (...next: readonly string[]): void => {
    addresses = next;
    error = undefined;
  };
  const fail = (thrown: Error): void => {
    error = thrown;
  };
  return { watch, clock, told, errors, become, fail, looks: () => looks };
}

function network(address: string): NetworkInterface {
  const netmask = '255.255.255.0';
  return { name: 'eth0', address, netmask, broadcast: undefined, family: 'IPv4', loopback: false };
}
