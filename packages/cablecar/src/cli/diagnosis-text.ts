import type { Diagnosis, Finding } from '../doctor/diagnosis.ts';
import type { Severity } from '../doctor/finding.ts';
import { networkOf } from '../doctor/ipv4-network.ts';
import { wrap } from './help.ts';
import type { Style, Terminal } from './terminal.ts';

const WIDTH = 80;
const INDENT = '           ';
const STYLES: Readonly<Record<Severity | 'well', Style>> = {
  problem: 'red',
  warning: 'yellow',
  note: 'cyan',
  well: 'green',
};

/** How text is made to stand out. */
export type Paint = Terminal['paint'];

/** A diagnosis as people read it. */
export function diagnosisText(diagnosis: Diagnosis, paint: Paint): string {
  return [
    ...section('Interfaces', interfaceRows(diagnosis), paint),
    ...section('Programs', programRows(diagnosis), paint),
    ...diagnosis.findings.flatMap((finding) => [...findingLines(finding, paint), '']),
    verdict(diagnosis, paint),
  ].join('\n');
}

/** The anchor of a finding's heading in docs/troubleshooting.md. */
export function anchorOf(title: string): string {
  return title
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} -]/gu, '')
    .replaceAll(' ', '-');
}

type Row = readonly [worst: Severity | 'well', ...cells: string[]];

function interfaceRows({ evidence, findings }: Diagnosis): Row[] {
  return evidence.interfaces.map((network) => {
    const { name, heardItself } = network;
    const about = findings.filter(({ where }) => where === name);
    const worst = about[0]?.severity ?? 'well'; // they come in the order of their severity
    const heard = heardItself ? 'hears its own beacon' : 'does not hear its own beacon';
    return [worst, name, networkOf(network), heard];
  });
}

function programRows({ evidence: { programs, hasSecret } }: Diagnosis): Row[] {
  const kinds = {
    doctor: 'a doctor',
    ours: 'of the service',
    'other-service': 'of another service',
    'other-version': 'of another version',
    sealed: 'has a secret',
  };
  return programs.map(({ kind, name, host, port }) => [
    kind === 'other-version' || (kind === 'sealed' && hasSecret) ? 'problem' : 'well',
    name,
    port === undefined ? host : `${host}:${port}`,
    kinds[kind],
  ]);
}

function section(title: string, rows: readonly Row[], paint: Paint): string[] {
  if (rows.length === 0) return [];
  const widths = [1, 2].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map(([worst, one = '', two = '', three = '']) => {
    const mark = paint(STYLES[worst], worst.padEnd(9));
    return `  ${mark}${one.padEnd(widths[0] ?? 0)}  ${two.padEnd(widths[1] ?? 0)}  ${three}`.trimEnd();
  });
  return [paint('bold', title), ...lines, ''];
}

function findingLines({ severity, title, where, seen, fixes }: Finding, paint: Paint): string[] {
  const mark = paint(STYLES[severity], severity.toUpperCase().padEnd(9));
  const indented = (text: string): string[] =>
    wrap(text, WIDTH - INDENT.length).map((line) => INDENT + line);
  return [
    `  ${mark}${paint('bold', title)}${where === '' ? '' : ` (${where})`}`,
    ...indented(`Seen: ${seen}.`),
    ...fixes.flatMap((fix) => indented(`Do: ${fix}`)),
    paint('dim', `${INDENT}docs/troubleshooting.md#${anchorOf(title)}`),
  ];
}

function verdict({ findings }: Diagnosis, paint: Paint): string {
  const count = (wanted: Severity): string => {
    const { length } = findings.filter(({ severity }) => severity === wanted);
    return `${length} ${wanted}${length === 1 ? '' : 's'}`;
  };
  if (findings.some(({ severity }) => severity === 'problem')) {
    return paint('red', `${count('problem')}, ${count('warning')}.`);
  }
  const hasWarnings = findings.some(({ severity }) => severity === 'warning');
  return paint('green', hasWarnings ? `All well, with ${count('warning')}.` : 'All well.');
}
