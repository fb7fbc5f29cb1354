// `npm run trial`: a newcomer's first minutes, by the clock. What README.md and docs/getting-started.md say is done to the
// letter in an empty folder, with the packages as they would be published, on the oldest Node and on one that runs
// TypeScript by itself; and a fresh clone of what is committed is started as README.md says. More than two minutes from
// nothing to the first message is a failure. The programs run in a network of their own; Linux on x64 only.
import { readFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { runSample } from '../../test/docs/run-sample.ts';
import { table } from '../docs/markdown.ts';
import { runtimes, type Runtime } from '../packages/runtimes.ts';
import { packAll } from '../packages/tarballs.ts';
import { withFolder } from '../packages/user-project.ts';
import { run } from '../run.ts';
import { ROOT } from '../sources.ts';
import { firstSteps, startOfClone } from './first-steps.ts';

const LIMIT_S = 120;
const PAGES = ['README.md', 'docs/getting-started.md'];
const NODES = ['Node 20', 'Node 24'] as const;

/** One beginning: how long each part of it took, in seconds, and what went wrong. */
interface Beginning {
  readonly who: string;
  readonly installS: number;
  readonly messageS: number;
  readonly trouble: string | undefined;
}

/** Does what a page says, in an empty folder. */
async function follow(
  page: string,
  { name, command, knowsTypeScript }: Runtime,
  folder: string,
  tarballs: readonly string[],
): Promise<Beginning> {
  const steps = firstSteps(page, readFileSync(join(ROOT, page), 'utf8'));
  const [node = ''] = command;
  const path = [dirname(node), process.env['PATH']].join(delimiter);
  const here = ['-C', folder, `PATH=${path}`, 'npm_config_prefer_offline=true'];
  mkdirSync(folder);
  writeFileSync(join(folder, steps.file), steps.program.text);

  const began = performance.now();
  const install = steps.install.replace(/ cablecar$/, ` ${tarballs.join(' ')}`);
  const installed = await run('env', [...here, 'sh', '-c', install], folder);
  const installS = secondsSince(began);
  if (installed.status !== 0)
    return { who: `${page}, ${name}`, installS, messageS: 0, trouble: installed.output };

  const start = knowsTypeScript ? ['node'] : ['npx', '--yes', 'tsx'];
  if (!knowsTypeScript) await run('env', [...here, ...start, '--version'], folder); // fetches it
  const trouble = await runSample(steps.program, ['env', ...here, ...start, steps.file]);
  return { who: `${page}, ${name}`, installS, messageS: secondsSince(began) - installS, trouble };
}

/** Starts a fresh clone of what is committed. */
async function clone(folder: string): Promise<Beginning> {
  const who = 'README.md, a clone';
  const [install, start] = startOfClone(readFileSync(join(ROOT, 'README.md'), 'utf8'));
  const began = performance.now();
  const steps = `git -c safe.directory='*' clone --quiet --no-local ${ROOT} ${folder} && cd ${folder} && ${install}`;
  const installed = await run('sh', ['-c', steps]);
  const installS = secondsSince(began);
  if (installed.status !== 0) return { who, installS, messageS: 0, trouble: installed.output };
  const started = await run('sh', ['-c', start], folder);
  const trouble = started.status === 0 ? undefined : started.output;
  return { who, installS, messageS: secondsSince(began) - installS, trouble };
}

function secondsSince(began: number): number {
  return (performance.now() - began) / 1_000;
}

const beginnings = await withFolder(async (folder) => {
  const tarballs = (await packAll(folder)).map(({ path }) => path);
  const nodes = runtimes(NODES);
  const done: Beginning[] = [await clone(join(folder, 'clone'))];
  for (const page of PAGES)
    for (const node of nodes)
      done.push(await follow(page, node, join(folder, String(done.length)), tarballs));
  return done;
});
console.log(
  table(
    ['what is followed', 'installed after', 'talked after that', ''],
    beginnings.map(({ who, installS, messageS, trouble }) => [
      who,
      `${installS.toFixed(1)} s`,
      `${messageS.toFixed(1)} s`,
      trouble ?? (installS + messageS > LIMIT_S ? `expected ${LIMIT_S} s in all` : 'works'),
    ]),
  ),
);
const isWell = beginnings.every(
  ({ installS, messageS, trouble }) => trouble === undefined && installS + messageS <= LIMIT_S,
);
process.exitCode = isWell ? 0 : 1;
