import { describe, expect, it } from 'vitest';
import { contains, networkOf, overlap } from './ipv4-network.ts';
import { holderInLsof, inodesOfPort, pidInNetstat } from './port-holder.ts';
import { hasHardwareAddress, platformOf } from './surroundings.ts';

describe('what systems print', () => {
  it('tells the sockets of a port on Linux', () => {
    const table = [
      '   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops',
      '  362: 00000000:472E 00000000:0000 07 00000000:00000000 00:00000000 00000000  1000        0 35412 2 0000000000000000 0',
      '  363: 00000000:472F 00000000:0000 07 00000000:00000000 00:00000000 00000000  1000        0 35413 2 0000000000000000 0',
    ].join('\n');
    expect(inodesOfPort(table, 18_222)).toEqual(['35412']);
  });

  it('tells the program of a port on macOS', () => {
    expect(holderInLsof('p4242\ncnode\nf21\n')).toBe('node (pid 4242)');
    expect(holderInLsof('')).toBeUndefined();
  });

  it('tells the process of a port on Windows', () => {
    const text =
      '\r\n  Proto  Local Address  Foreign Address  PID\r\n  UDP    0.0.0.0:18222  *:*   4242\r\n';
    expect(pidInNetstat(text, 18_222)).toBe('4242');
    expect(pidInNetstat(text, 8222)).toBeUndefined();
  });

  it('tells whether a neighbour has answered on the link', () => {
    const linux =
      'IP address HW type Flags HW address Mask Device\n' +
      '10.0.0.2  0x1 0x2  02:42:0a:00:00:02  *  eth0\n' +
      '10.0.0.3  0x1 0x0  00:00:00:00:00:00  *  eth0';
    expect(hasHardwareAddress(linux, '10.0.0.2')).toBe(true);
    expect(hasHardwareAddress(linux, '10.0.0.3')).toBe(false);
    expect(hasHardwareAddress(linux, '10.0.0.22')).toBe(false);
    const macos = '? (10.0.0.2) at 2:42:a:0:0:2 on en0 ifscope [ethernet]';
    expect(hasHardwareAddress(macos, '10.0.0.2')).toBe(true);
    expect(hasHardwareAddress('? (10.0.0.3) at (incomplete) on en0', '10.0.0.3')).toBe(false);
    expect(hasHardwareAddress('  10.0.0.2   02-42-0a-00-00-02   dynamic', '10.0.0.2')).toBe(true);
  });

  it('is for the system that fixes are for', () => {
    expect((['win32', 'darwin', 'linux', 'freebsd'] as const).map(platformOf)).toEqual([
      'windows',
      'macos',
      'linux',
      'linux',
    ]);
  });
});

describe('networks', () => {
  it('contain addresses by their prefix', () => {
    const network = { name: 'e', address: '10.0.1.2', netmask: '255.255.254.0', broadcast: '' };
    expect(networkOf({ ...network, family: 'IPv4', loopback: false })).toBe('10.0.1.2/23');
    expect(contains('10.0.1.2/23', '10.0.0.200')).toBe(true);
    expect(contains('10.0.1.2/23', '10.0.2.1')).toBe(false);
    expect(contains('200.0.0.1/1', '255.0.0.1')).toBe(true);
    expect(contains('200.0.0.1/0', '1.0.0.1')).toBe(true);
    expect(contains('10.0.0.1/32', '10.0.0.1')).toBe(true);
    expect(overlap('10.0.0.1/8', '10.9.0.1/24')).toBe(true);
    expect(overlap('10.0.0.1/24', '10.0.1.1/24')).toBe(false);
  });
});
