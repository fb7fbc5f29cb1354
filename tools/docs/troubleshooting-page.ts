import type { FindingSpec, Platform } from 'cablecar';
import { generatedFrom, page } from './markdown.ts';

const SYSTEMS: Readonly<Record<Platform | 'everywhere', string>> = {
  everywhere: 'Everywhere',
  linux: 'Linux',
  macos: 'macOS',
  windows: 'Windows',
};

const PARTS: readonly (readonly [FindingSpec['severity'], string, string])[] = [
  ['problem', 'Problems', 'Each of these keeps programs from meeting.'],
  ['warning', 'Warnings', 'These may do harm, or explain what looks odd.'],
  ['note', 'Notes', 'These do no harm, and are said because they explain something.'],
];

/** `docs/troubleshooting.md`, from the table of findings. */
export async function troubleshootingPage(): Promise<string> {
  const { FINDINGS } = await import('cablecar');
  const rows = Object.entries(FINDINGS);
  return page(
    '# Troubleshooting',
    generatedFrom('the findings in packages/cablecar/src/doctor'),
    'Two programs do not meet? Run `npx cablecar doctor` on both machines: it finds out which of these it is, and names the heading here. What it looks at and how to read it is in [command.md](command.md#doctor). In the commands 18222 stands for your `udpPort`, PORT for your `tcpPort`, and HOST for the other machine.',
    ...PARTS.flatMap(([severity, title, sentence]) => [
      `## ${title}`,
      sentence,
      ...rows.filter(([, spec]) => spec.severity === severity).map(section),
    ]),
  );
}

function section([code, { title, meaning, fixes }]: readonly [string, FindingSpec]): string {
  const lines = Object.entries(SYSTEMS).flatMap(([system, name]) => {
    const fix = fixes[system as Platform | 'everywhere'];
    return fix === undefined ? [] : [`- **${name}:** ${fix}`];
  });
  return page(`### ${title}`, `\`${code}\`. ${meaning}`, lines.join('\n'));
}
