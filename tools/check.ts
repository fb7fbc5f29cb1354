// `npm run check`: everything about the repository that is not a test. `npm run check -- lint docs` runs those alone,
// `--report FILE` writes how many passed.
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { houseProblems } from './architecture/house.ts';
import { readManifestProblems } from './architecture/manifests.ts';
import { pureFiles } from './architecture/purity.ts';
import { contentsProblems } from './docs/contents.ts';
import { readCitationProblems } from './docs/citations.ts';
import { linkProblems } from './docs/links.ts';
import { stalePages } from './docs/pages.ts';
import { optionProblems } from './docs/read-options.ts';
import { readThreatProblems } from './docs/threats.ts';
import { run } from './run.ts';
import { readSources, type Problem } from './sources.ts';

/** What a check has to say; an empty list is a pass. */
type Check = () => Promise<readonly string[]>;

const sources = readSources();

const CHECKS: Readonly<Record<string, Check>> = {
  types: compile,
  lint: tool('oxlint', '--type-aware', '--deny-warnings'),
  purity: tool(
    'oxlint',
    '--config=tools/architecture/purity.oxlintrc.json',
    ...pureFiles(sources).map(({ path }) => path),
  ),
  house: async () => [...houseProblems(sources), ...readManifestProblems()].map(toLine),
  docs: async () =>
    [
      ...(await stalePages(sources)),
      ...sources.flatMap(optionProblems),
      ...readCitationProblems(sources),
      ...readThreatProblems(sources),
      ...linkProblems(),
      ...contentsProblems(),
    ].map(toLine),
  format: tool(
    'prettier',
    '--check',
    '--cache',
    '--cache-location=.cache/prettier',
    '--log-level=warn',
    '.',
  ),
  'dead code': tool('knip', '--no-progress', '--no-config-hints'),
  site: tool('tsx', '--conditions=@cablecar/source', 'tools/site/build.ts'),
  packages: async () => {
    const problems = await compile(); // which builds them
    return problems.length > 0
      ? ['not checked, see types']
      : tool('tsx', 'tools/packages/check-packages.ts')();
  },
};

let compiling: ReturnType<Check> | undefined;

/** Compiles everything from the sources, then builds the packages, one upon the other. Once. */
function compile(): ReturnType<Check> {
  compiling ??= tool('tsc', '-p', 'tsconfig.check.json')().then((said) =>
    said.length > 0 ? said : tool('npm', 'run', '-s', 'build')(),
  );
  return compiling;
}

/** A check that runs a program and passes if that ends with 0. */
function tool(name: string, ...args: string[]): Check {
  return async () => {
    const { status, output } = await run(name, args);
    return status === 0 ? [] : [output, `${name} ended with ${status}`];
  };
}

function toLine({ path, line, sentence }: Problem): string {
  return `${path}:${line} ${sentence}`;
}

async function report(name: string, check: Check): Promise<boolean> {
  const start = performance.now();
  const said = await check().catch((error: unknown) => [String(error)]);
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(`${said.length === 0 ? '✓' : '✗'} ${name} (${seconds} s)`);
  for (const line of said) console.log(line.replaceAll(/^/gm, '    '));
  return said.length === 0;
}

const { values: options, positionals: wanted } = parseArgs({
  allowPositionals: true,
  options: { report: { type: 'string' } },
});
const unknown = wanted.filter((name) => !(name in CHECKS));
if (unknown.length > 0)
  throw new Error(`no check '${unknown.join(' ')}'; there are: ${Object.keys(CHECKS).join(', ')}`);

const chosen = Object.entries(CHECKS).filter(
  ([name]) => wanted.length === 0 || wanted.includes(name),
);
const passed = await Promise.all(
  chosen.map(async ([name, check]) => ((await report(name, check)) ? [] : [name])),
);
const failed = passed.flat();
console.log(
  failed.length === 0
    ? `passed: ${wanted.join(', ') || 'every check'}`
    : `failed checks: ${failed.join(', ')}`,
);
if (options.report !== undefined) {
  const tally = { passed: chosen.length - failed.length, failed: failed.length };
  writeFileSync(options.report, JSON.stringify(tally));
}
process.exitCode = failed.length === 0 ? 0 : 1;
