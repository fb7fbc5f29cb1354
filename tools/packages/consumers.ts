// `npm run consumers`: the packed packages on every runtime, in every form in which users take them, and every sample of
// the docs. With `--write`, the tables go into docs/runtimes.md. Runs on Linux on x64.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readFences } from '../../test/docs/pages.ts';
import { runSample } from '../../test/docs/run-sample.ts';
import { isProgram } from '../../test/docs/sample-modules.ts';
import { runtimes, type Runtime } from './runtimes.ts';
import { run } from '../run.ts';
import { bundledBytes, esbuild, FORM_NAMES, makeForms, type Form } from './forms.ts';
import { meet } from './meeting.ts';
import { writeRuntimesPage, type RuntimeRow } from './runtimes-page.ts';
import { packAll } from './tarballs.ts';
import { makeUserProject, withFolder } from './user-project.ts';

/** What runs TypeScript where the runtime itself does not. */
const TSX = ['--import', 'tsx'];

/** How each runtime meets this Node: as encrypted as it can be. */
const MODES: Readonly<Record<string, object>> = {
  plain: { security: 'none' },
  identity: {},
  secret: { secret: 'ruby-harvest-7-orbit-lantern' },
};

const samples = readFences().flat().filter(isProgram);
const troubles: string[] = [];

/** Runs one thing on a runtime; what goes wrong is told at once. */
async function attempt(what: string, trouble: Promise<string | undefined>): Promise<boolean> {
  const said = await trouble;
  if (said === undefined) return true;
  troubles.push(what);
  console.log(`✗ ${what}\n${said.slice(0, 2_000)}`);
  return false;
}

/** What is tried on every runtime: a user's project, its programs, and the samples in there. */
interface Project {
  readonly folder: string;
  readonly forms: Readonly<Record<Form, string>>;
  readonly samples: readonly string[];
}

async function tryRuntime(runtime: Runtime, project: Project): Promise<RuntimeRow> {
  const { name, version, command, knowsTypeScript } = runtime;
  const { folder, forms } = project;
  const cells = new Map<string, string>();
  const fill = async (column: string, trouble: Promise<string | undefined>, cell = 'yes') => {
    if (await attempt(`${name}: ${column}`, trouble)) cells.set(column, cell);
  };

  const byItself = (program: readonly string[]) => meet({ ada: program, bob: program });
  for (const form of FORM_NAMES) await fill(form, byItself([...command, forms[form]]));
  const typescript = [...command, ...(knowsTypeScript ? [] : TSX), join(folder, 'meet.ts')];
  await fill('TypeScript', byItself(typescript), knowsTypeScript ? 'yes' : 'by tsx');
  await fill('command', help([...command, join(folder, 'node_modules/cablecar/bin/cablecar.js')]));

  const there = [...command, forms.import];
  const here = [process.execPath, forms.import];
  for (const [mode, options] of Object.entries(MODES))
    await fill(mode, meet({ ada: there, bob: here, options }));

  let ran = 0;
  for (const [index, sample] of samples.entries()) {
    const trouble = runSample(sample, [...command, project.samples[index]!]);
    if (await attempt(`${name}: ${sample.page}:${sample.line}`, trouble)) ran++;
  }
  const done = [...cells.keys()].join(', ');
  console.log(`${name} ${version}: ${done}, ${ran} of ${samples.length} samples`);
  return { name, version, cells, samples: ran };
}

/** Whether the command begins and says what it can do. */
async function help([program = '', ...args]: readonly string[]): Promise<string | undefined> {
  const { status, output } = await run(program, [...args, '--help']);
  return status === 0 && output.includes('usage: cablecar') ? undefined : output;
}

/** The samples as programs of a user's project. */
async function makeSamples(folder: string): Promise<string[]> {
  const programs = samples.map((_, index) => join(folder, `sample-${index}`));
  for (const [index, program] of programs.entries()) {
    writeFileSync(`${program}.ts`, samples[index]!.text);
    await esbuild(folder, `${program}.ts`, '--format=esm', `--outfile=${program}.mjs`);
  }
  return programs.map((program) => `${program}.mjs`);
}

const { values } = parseArgs({ options: { write: { type: 'boolean', default: false } } });
await withFolder(async (folder) => {
  const tarballs = await packAll(folder);
  await makeUserProject(folder, tarballs);
  const forms = await makeForms(folder);
  const project = { folder, forms, samples: await makeSamples(folder) };
  const rows: RuntimeRow[] = [];
  for (const runtime of runtimes()) rows.push(await tryRuntime(runtime, project));
  if (!values.write) return;
  await writeRuntimesPage({
    rows,
    columns: [...FORM_NAMES, 'TypeScript', 'command', ...Object.keys(MODES)],
    samples: samples.length,
    here: process.versions.node,
    tarballs,
    bundledBytes: bundledBytes(forms),
  });
});
console.log(troubles.length === 0 ? 'everything ran' : `did not: ${troubles.join('; ')}`);
process.exitCode = troubles.length === 0 ? 0 : 1;
