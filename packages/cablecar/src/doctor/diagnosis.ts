import { concludeBetween } from './conclude-between.ts';
import { concludeHere, type Observation } from './conclude-here.ts';
import type { Evidence } from './evidence.ts';
import type { FindingSpec, Severity } from './finding.ts';
import { FINDINGS, type FindingCode } from './findings.ts';

/** One thing that was found. */
export interface Finding {
  readonly code: FindingCode;
  readonly severity: Severity;
  /** Its heading in docs/troubleshooting.md. */
  readonly title: string;
  /** The interface, host or program that it is about; empty where it is about the machine. */
  readonly where: string;
  /** What was seen. */
  readonly seen: string;
  /** What to do about it: everywhere, then on this system. */
  readonly fixes: readonly string[];
}

/** What `diagnose()` answers. */
export interface Diagnosis {
  /** Whether there is no problem; there may be warnings. */
  readonly well: boolean;
  readonly findings: readonly Finding[];
  /** What the findings were made from. */
  readonly evidence: Evidence;
}

const ORDER: readonly Severity[] = ['problem', 'warning', 'note'];

/** Judges evidence: the causes of what was seen, the worst first. */
export function conclude(evidence: Evidence): Diagnosis {
  const observations = [...concludeHere(evidence), ...concludeBetween(evidence)];
  const findings = withoutConsequences(observations)
    .map((observation) => toFinding(observation, evidence))
    .sort((one, other) => ORDER.indexOf(one.severity) - ORDER.indexOf(other.severity));
  const well = findings.every(({ severity }) => severity !== 'problem');
  return { well, findings, evidence };
}

/** What follows from something that is wrong on this machine is not told as a fault of the network. */
function withoutConsequences(observations: readonly Observation[]): Observation[] {
  const codes = new Set(observations.map(({ code }) => code));
  const isDeaf = codes.has('FIREWALL_UDP_HERE') || codes.has('UDP_PORT_IN_USE');
  const isMute = codes.has('SEND_FORBIDDEN') || codes.has('LOCAL_NETWORK_PRIVACY');
  const consequences: readonly FindingCode[] = [
    ...(isDeaf || isMute
      ? ([
          'UDP_ONE_WAY',
          'UDP_BLOCKED',
          'BROADCAST_FILTERED',
          'MULTICAST_FILTERED',
          'DISCOVERY_FILTERED',
          'NOBODY_HEARD',
        ] as const)
      : []),
    ...(codes.has('NO_NETWORK') ? (['NOBODY_HEARD', 'NO_ROUTE', 'OTHER_SUBNET'] as const) : []),
  ];
  return observations.filter(({ code }) => !consequences.includes(code));
}

function toFinding({ code, where, seen }: Observation, { platform, udp }: Evidence): Finding {
  const { severity, title, fixes }: FindingSpec = FINDINGS[code];
  const texts = [fixes.everywhere, fixes[platform]].filter((text) => text !== undefined);
  const port = String(udp.port);
  return {
    code,
    severity,
    title,
    where,
    seen,
    fixes: texts.map((text) => text.replaceAll('18222', port)),
  };
}
