import type { NetworkInterface } from '@cablecar/core-protocol';
import { describe, expect, test } from 'vitest';
import { enumerateInterfaces, selectInterfaces } from './interfaces.ts';

const LOOPBACK = network('lo', '127.0.0.1', true);
const WIRED = network('eth0', '10.0.0.1');
const WIRED_TOO = network('eth0', '10.0.0.2');
const WIRELESS = network('wlan0', '192.168.0.7');
const ALL = [LOOPBACK, WIRED, WIRED_TOO, WIRELESS];

describe('the interfaces', () => {
  test('of this machine have the loopback among them, with its broadcast address', () => {
    expect(enumerateInterfaces()).toContainEqual({
      name: expect.any(String),
      address: '127.0.0.1',
      netmask: '255.0.0.0',
      broadcast: '127.255.255.255',
      family: 'IPv4',
      loopback: true,
    });
  });

  test.each([
    ['all', ALL],
    ['loopback', [LOOPBACK]],
    [['eth0'], [WIRED, WIRED_TOO]],
    [
      ['10.0.0.2', 'wlan0'],
      [WIRED_TOO, WIRELESS],
    ],
    [['usb0'], []],
    [[], []],
  ] as const)('that %j means are found', (selection, expected) => {
    expect(selectInterfaces(ALL, selection)).toEqual(expected);
  });
});

function network(name: string, address: string, loopback = false): NetworkInterface {
  const netmask = '255.255.255.0';
  return { name, address, netmask, broadcast: undefined, family: 'IPv4', loopback };
}
