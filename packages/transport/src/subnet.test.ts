import { BlockList, isIPv4 } from 'node:net';
import type { NetworkInterface } from '@cablecar/core-protocol';
import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { broadcastAddress, prefixLength, subnetContains } from './subnet.ts';

const prefix = fc.integer({ min: 1, max: 32 });

describe('a subnet', () => {
  test.each([
    ['10.77.0.5', '255.255.0.0', '10.77.255.255'],
    ['192.168.1.5', '255.255.255.0', '192.168.1.255'],
    ['192.168.1.130', '255.255.255.192', '192.168.1.191'],
    ['200.1.2.3', '255.255.255.252', '200.1.2.3'],
    ['127.0.0.1', '255.0.0.0', '127.255.255.255'],
    ['10.0.0.1', '255.255.255.254', undefined],
    ['10.0.0.1', '255.255.255.255', undefined],
  ])('of %s with mask %s has the broadcast address %s', (address, netmask, expected) => {
    expect(broadcastAddress(address, netmask)).toBe(expected);
  });

  test.prop([fc.ipV4(), fc.ipV4(), prefix])(
    'contains exactly the addresses that Node finds in it',
    (address, host, bits) => {
      const list = new BlockList();
      list.addSubnet(address, bits);
      expect(subnetContains(network(address, bits), host)).toBe(list.check(host));
    },
  );

  test.prop([fc.ipV4(), prefix])('contains its own address and its broadcast', (address, bits) => {
    const its = network(address, bits);
    expect(subnetContains(its, address)).toBe(true);
    expect(prefixLength(its)).toBe(bits);
    if (its.broadcast === undefined) return;
    expect(isIPv4(its.broadcast)).toBe(true);
    expect(subnetContains(its, its.broadcast)).toBe(true);
  });

  test.each(['ada.local', '::1', '', '1.2.3'])('does not contain %j', (host) => {
    expect(subnetContains(network('0.0.0.0', 1), host)).toBe(false);
  });

  test('of IPv6 contains no IPv4 address', () => {
    const its = { ...network('10.0.0.1', 8), family: 'IPv6' as const };
    expect(subnetContains(its, '10.0.0.2')).toBe(false);
  });
});

function network(address: string, bits: number): NetworkInterface {
  const mask = bits === 0 ? 0 : (0xffff_ffff << (32 - bits)) >>> 0;
  const netmask = [24, 16, 8, 0].map((shift) => (mask >>> shift) & 0xff).join('.');
  return {
    name: 'eth0',
    address,
    netmask,
    broadcast: broadcastAddress(address, netmask),
    family: 'IPv4',
    loopback: false,
  };
}
