import { describe, expect, it } from 'vitest';
import type { Diagnosis } from '../doctor/diagnosis.ts';
import { conclude } from '../doctor/diagnosis.ts';
import { BOBS_PROGRAM, ETH0, WELL } from '../../../../test/support/doctor/sample-evidence.ts';
import { anchorOf, diagnosisText } from './diagnosis-text.ts';

/** One program, and a firewall. */
const SICK: Diagnosis = conclude({
  ...WELL,
  interfaces: [{ ...ETH0, heardItself: false }],
  programs: [BOBS_PROGRAM],
  hosts: [],
});

const plain = (_: string, text: string): string => text;

describe('a diagnosis as people read it', () => {
  it('shows interfaces with their verdicts, programs, findings and what to do', () => {
    expect(diagnosisText(SICK, plain)).toBe(`Interfaces
  problem  eth0  10.0.0.1/24  does not hear its own beacon

Programs
  well     bob  10.0.0.2:4242  of the service

  PROBLEM  A firewall on this machine keeps UDP out (eth0)
           Seen: the beacon sent from 10.0.0.1 did not come back.
           Do: Allow incoming UDP on port 18222 from the local network.
           Do: \`sudo ufw allow 18222/udp\`, or \`sudo firewall-cmd --permanent
           --add-port=18222/udp && sudo firewall-cmd --reload\`; else find the
           rule by \`sudo nft list ruleset\`.
           docs/troubleshooting.md#a-firewall-on-this-machine-keeps-udp-out

1 problem, 0 warnings.`);
  });

  it('says so when all is well', () => {
    const well = { ...SICK, findings: [] };
    expect(diagnosisText(well, plain)).toMatch(/\nAll well\.$/);
    const findings = [{ ...SICK.findings[0]!, severity: 'warning' as const }];
    expect(diagnosisText({ ...SICK, findings }, plain)).toMatch(/\nAll well, with 1 warning\.$/);
  });

  it('shows programs whose beacons cannot be read', () => {
    const sealed = { ...BOBS_PROGRAM, name: '', port: undefined, kind: 'sealed' } as const;
    const text = diagnosisText(conclude({ ...WELL, programs: [sealed] }), plain);
    expect(text).toContain('  well       10.0.0.2  has a secret');
  });

  it('paints what it is told to', () => {
    const painted = diagnosisText(SICK, (style, text) => `<${style}>${text}`);
    expect(painted).toContain('<red>PROBLEM');
  });

  it('names the anchor as GitHub makes it of a heading', () => {
    expect(anchorOf('The other machine is off, or the network keeps its clients apart')).toBe(
      'the-other-machine-is-off-or-the-network-keeps-its-clients-apart',
    );
  });
});
