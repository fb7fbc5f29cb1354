import type { NetworkInterface } from '@cablecar/core-protocol';
import { expect, test } from 'vitest';
import { LocalAddresses } from './local-addresses.ts';

const on = (name: string, address: string): NetworkInterface => ({
  name,
  address,
  netmask: '',
  broadcast: undefined,
  family: address.includes(':') ? 'IPv6' : 'IPv4',
  loopback: false,
});

const BEFORE = [on('eth0', '10.0.0.1'), on('eth0', 'fe80::1'), on('eth1', '10.1.0.1')];
const USED = ['10.0.0.1'];

function after(...changes: readonly (readonly NetworkInterface[])[]): LocalAddresses {
  const addresses = new LocalAddresses();
  addresses.update(BEFORE, []);
  for (const interfaces of changes) addresses.update(interfaces, USED);
  return addresses;
}

test('an address is replaced when its interface has another one of its family', () => {
  expect(after().isReplaced('10.0.0.1')).toBe(false);
  expect(after([on('eth0', '10.0.0.9')]).isReplaced('10.0.0.1')).toBe(true);
  expect(after([on('eth0', '10.0.0.1'), on('eth0', '10.0.0.9')]).isReplaced('10.0.0.1')).toBe(
    false,
  );
  expect(after([on('eth0', 'fe80::1'), on('eth1', '10.1.0.2')]).isReplaced('10.0.0.1')).toBe(false);
});

test('an address that is away for a while and comes back is not replaced', () => {
  expect(after([]).isReplaced('10.0.0.1')).toBe(false);
  expect(after([], BEFORE).isReplaced('10.0.0.1')).toBe(false);
  expect(after([], [on('eth0', '10.0.0.9')]).isReplaced('10.0.0.1')).toBe(true);
});

test('an address that nobody uses is forgotten once it is gone', () => {
  const addresses = after([on('eth0', '10.0.0.9')]);
  addresses.update([on('eth0', '10.0.0.9')], []);
  expect(addresses.isReplaced('10.0.0.1')).toBe(false);
  expect(addresses.isReplaced('10.7.7.7')).toBe(false);
});
