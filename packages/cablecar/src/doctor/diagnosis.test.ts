import { describe, expect, it } from 'vitest';
import { conclude } from './diagnosis.ts';
import type { Evidence, HostEvidence, InterfaceEvidence } from './evidence.ts';
import { FINDINGS } from './findings.ts';
import {
  BOB,
  BOBS_PROGRAM,
  BOBS_WORD,
  ETH0,
  WELL,
} from '../../../../test/support/doctor/sample-evidence.ts';

function codesOf(evidence: Partial<Evidence>): string[] {
  return conclude({ ...WELL, ...evidence }).findings.map(({ code }) => code);
}

function ofInterface(
  network: Partial<InterfaceEvidence>,
  evidence: Partial<Evidence> = {},
): string[] {
  return codesOf({ interfaces: [{ ...ETH0, ...network }], ...evidence });
}

function ofHost(host: Partial<HostEvidence>): string[] {
  return codesOf({ hosts: [{ ...BOB, ...host }] });
}

describe('a diagnosis', () => {
  it('finds nothing where all is well', () => {
    expect(conclude(WELL)).toMatchObject({ well: true, findings: [] });
  });

  it('knows what the interfaces of this machine tell', () => {
    expect(ofInterface({ name: 'docker0' })).toEqual(['CONTAINER_BRIDGE']);
    expect(ofInterface({ name: 'wg0' })).toEqual(['VPN']);
    expect(ofInterface({ dialledItself: false })).toEqual(['FIREWALL_TCP_HERE']);
    expect(ofInterface({ heardItself: false })).toEqual(['FIREWALL_UDP_HERE']);
    expect(ofInterface({ sendErrors: ['EACCES'], heardItself: false })).toEqual(['SEND_FORBIDDEN']);
    expect(ofInterface({ sendErrors: ['ENETUNREACH'] })).toEqual(['NO_ROUTE']);
    expect(ofInterface({ broadcast: undefined, heardItself: false })).toEqual(['NO_BROADCAST']);
    expect(ofInterface({ address: '169.254.1.1' }, { hosts: [] })).toContain('SELF_ASSIGNED');
  });

  it("tells macOS's privacy from a missing route", () => {
    const refused = { sendErrors: ['EHOSTUNREACH'], heardItself: false };
    expect(ofInterface(refused, { platform: 'macos' })).toEqual(['LOCAL_NETWORK_PRIVACY']);
    expect(ofInterface(refused)).toEqual(['NO_ROUTE']);
  });

  it('sees two interfaces in one subnet, but not two addresses of one interface', () => {
    const other = { ...ETH0, name: 'wlan0', address: '10.0.0.7' };
    expect(codesOf({ interfaces: [ETH0, other] })).toEqual(['SAME_SUBNET_TWICE']);
    expect(codesOf({ interfaces: [ETH0, { ...other, name: 'eth0' }] })).toEqual([]);
  });

  it('knows containers, WSL and ports that cannot be had', () => {
    const taken = { port: 4000, state: 'in-use', holder: 'thief (pid 7)' } as const;
    const inside = { inContainer: true, inWsl: true };
    expect(codesOf(inside)).toEqual([]); // somebody is heard
    const hosts = [{ ...BOB, broadcast: false, multicast: false }];
    const found = conclude({ ...WELL, tcp: taken, hosts, ...inside }).findings;
    expect(found.map(({ code }) => code)).toEqual([
      'TCP_PORT_IN_USE',
      'IN_CONTAINER',
      'INSIDE_WSL',
    ]);
    expect(found[0]?.seen).toBe('TCP port 4000 is held by thief (pid 7)');
    expect(codesOf({ udp: { port: 18_222, state: 'forbidden', holder: undefined } })).toEqual([
      'PORT_FORBIDDEN',
    ]);
  });

  it('looks at what the other machine received, too', () => {
    const received = {
      broadcast: false,
      multicast: false,
      unicast: false,
      tcp: false,
      dial: undefined,
    };
    const word = { ...BOBS_WORD, received };
    expect(ofHost({ word })).toEqual(['UDP_ONE_WAY']);
    const nothing = { broadcast: false, multicast: false, unicast: false };
    expect(ofHost({ word, ...nothing })).toEqual(['UDP_BLOCKED']);
    const filtered = { ...word, received: { ...received, unicast: true } };
    const none = { broadcast: false, multicast: false };
    expect(ofHost({ word: filtered, ...none })).toEqual(['DISCOVERY_FILTERED']);
    expect(ofHost({ word: filtered, broadcast: false })).toEqual(['BROADCAST_FILTERED']);
    expect(ofHost({ word: filtered, multicast: false })).toEqual(['MULTICAST_FILTERED']);
    const deaf = { ...word, received: { ...BOBS_WORD.received!, dial: 'timeout' as const } };
    expect(ofHost({ word: deaf, tcp: false })).toEqual(['TCP_ONE_WAY']);
    const stuck = { ...word, received: { ...BOBS_WORD.received!, dial: 'stalled' as const } };
    expect(ofHost({ word: stuck })).toEqual(['MTU_TOO_SMALL']);
  });

  it('tells wrong subnet masks from other subnets', () => {
    const word = (network: string): HostEvidence['word'] => ({ ...BOBS_WORD, networks: [network] });
    expect(ofHost({ word: word('10.0.0.2/25') })).toEqual(['WRONG_NETMASK']);
    expect(ofHost({ address: '10.0.1.2', word: word('10.0.1.2/16') })).toEqual(['WRONG_NETMASK']);
    expect(ofHost({ address: '10.9.0.2', word: word('10.9.0.2/24') })).toEqual(['OTHER_SUBNET']);
    expect(ofHost({ address: '10.9.0.2', word: undefined })).toEqual(['OTHER_SUBNET']);
  });

  it('tells why a host is silent as well as the system lets it', () => {
    const silent = {
      broadcast: false,
      multicast: false,
      unicast: false,
      tcp: false,
      word: undefined,
    };
    expect(ofHost({ ...silent, dial: 'timeout', onLink: true })).toEqual(['HOST_SILENT']);
    expect(ofHost({ ...silent, dial: 'timeout', onLink: false })).toEqual(['CLIENT_ISOLATION']);
    expect(ofHost({ ...silent, dial: 'unreachable' })).toEqual(['CLIENT_ISOLATION']);
    expect(ofHost({ ...silent, dial: 'no-route' })).toEqual(['NO_ROUTE']);
    expect(ofHost({ ...silent, dial: 'refused' })).toEqual(['NOTHING_LISTENS']);
    expect(ofHost({ ...silent, dial: 'timeout', address: '10.9.0.2' })).toEqual(['OTHER_SUBNET']);
  });

  it('tells secrets that differ from those that it was not given', () => {
    const sealed = { ...BOBS_PROGRAM, id: '', name: '', kind: 'sealed', isSealed: true } as const;
    expect(codesOf({ programs: [sealed] })).toEqual(['SECRET_UNKNOWN']);
    expect(codesOf({ programs: [BOBS_PROGRAM] })).toEqual([]);
    const hasSecret = true;
    expect(codesOf({ hasSecret, programs: [sealed] })).toEqual(['SECRET_DIFFERS']);
    expect(codesOf({ hasSecret, programs: [BOBS_PROGRAM] })).toEqual(['SECRET_DIFFERS']);
    expect(codesOf({ hasSecret, programs: [{ ...BOBS_PROGRAM, isSealed: true }] })).toEqual([]);
    // Programs of other services have no business with the secret.
    const other = { ...BOBS_PROGRAM, kind: 'other-service' } as const;
    expect(codesOf({ hasSecret, programs: [other] })).toEqual([]);
  });

  it('tells another secret of another doctor, once for each host', () => {
    const hosts = [{ ...BOB, hasSameSecret: false }];
    expect(codesOf({ hasSecret: true, hosts, programs: [BOBS_PROGRAM] })).toEqual([
      'SECRET_DIFFERS',
    ]);
    expect(ofHost({ hasSameSecret: true })).toEqual([]);
  });

  it('notes clocks that differ by seconds, and which is ahead', () => {
    const [note] = conclude({ ...WELL, hosts: [{ ...BOB, wordAtMs: 990_000 }] }).findings;
    expect(note).toMatchObject({
      code: 'CLOCK_SKEW',
      severity: 'note',
      seen: 'the clock of 10.0.0.2 is 10 s ahead',
    });
  });

  it('does not blame the network for what this machine does', () => {
    expect(codesOf({ interfaces: [{ ...ETH0, heardItself: false }], hosts: [] })).toEqual([
      'FIREWALL_UDP_HERE',
    ]);
    expect(codesOf({ interfaces: [], hosts: [] })).toEqual(['NO_NETWORK']);
    const [missing] = conclude({ ...WELL, interfaces: [], selection: ['eth7'] }).findings;
    expect(missing?.seen).toBe('none of eth7 is up');
  });

  it('misses no network where only the loopback was asked for', () => {
    const interfaces = [{ ...ETH0, name: 'lo', loopback: true }];
    expect(codesOf({ interfaces, hosts: [], selection: 'loopback' })).toEqual(['NOBODY_HEARD']);
    expect(codesOf({ interfaces, hosts: [] })).toEqual(['NO_NETWORK']);
  });

  it('says the port in use where a fix names the default', () => {
    const udp = { ...WELL.udp, port: 20_000 };
    const { fixes } = conclude({
      ...WELL,
      udp,
      hosts: [],
      interfaces: [{ ...ETH0, heardItself: false }],
    }).findings[0]!;
    expect(fixes.join(' ')).toContain('ufw allow 20000/udp');
  });
});

describe('the table of findings', () => {
  const rows = Object.entries(FINDINGS);

  it('has a title of its own for each, and something to do', () => {
    expect(new Set(rows.map(([, { title }]) => title)).size).toBe(rows.length);
    for (const [code, { fixes }] of rows) expect(Object.keys(fixes), code).not.toEqual([]);
  });

  it('says what to do on each system where firewalls are to be changed', () => {
    for (const code of ['FIREWALL_UDP_HERE', 'FIREWALL_TCP_HERE', 'TCP_BLOCKED'] as const) {
      expect(Object.keys(FINDINGS[code].fixes)).toEqual([
        'everywhere',
        'linux',
        'macos',
        'windows',
      ]);
    }
  });
});
