// `npm run docs:site`: the pages of the docs and the reference of every package as a site in docs/site, for any static
// server or none. Fetches nothing once its tools are installed, which it does by itself the first time.
import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { CONTENTS, readContents, type ListedPage } from '../docs/contents.ts';
import { anchors } from '../docs/links.ts';
import { run } from '../run.ts';
import { listFiles, ROOT } from '../sources.ts';
import { deadLinks } from './dead-links.ts';
import { crossLinks, numberedSections } from './cross-links.ts';
import { diagrams } from './diagrams.ts';
import { isPicture, LANGUAGES, stagePage, stageText, type Stage } from './stage.ts';

const TOOLS = join(ROOT, 'tools/site');
const MODULES = join(TOOLS, 'node_modules');
const STAGED = join(ROOT, '.cache/site');
const SITE = join(ROOT, 'docs/site');
const START = 'README.md';
/** Where the sources are to be read. */
const REPOSITORY = repositoryUrl();

/** The folders of the site that hold the reference. */
const REFERENCE = ['classes', 'functions', 'interfaces', 'modules', 'types', 'variables'];

/** The packages in the order in which a reader asks for them; whatever two of them export is described at the first. */
const ENTRIES = [
  'cablecar/src/index.ts',
  'cablecar/src/lobby/index.ts',
  'simulator/src/index.ts',
  'discovery/src/index.ts',
  'messenger/src/index.ts',
  'transport/src/index.ts',
  'core-protocol/src/index.ts',
];

function installTools(): void {
  const installed = join(MODULES, '.package-lock.json');
  const wanted = join(TOOLS, 'package-lock.json');
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(wanted).mtimeMs) return;
  const flags = ['--no-audit', '--no-fund', '--prefer-offline'];
  execFileSync('npm', ['ci', ...flags], { cwd: TOOLS, stdio: ['ignore', 'ignore', 'inherit'] });
}

/** Writes what the site is made of into a folder of its own, which looks like the repository. */
async function stageAll(contents: readonly ListedPage[]): Promise<void> {
  rmSync(STAGED, { recursive: true, force: true });
  const stage: Stage = {
    pages: new Set([START, ...contents.map(({ path }) => path)]),
    repository: REPOSITORY,
    draw: await diagrams(MODULES, STAGED),
  };
  const start = readFileSync(join(ROOT, START), 'utf8').replace(/^# .*\n+/, ''); // TypeDoc names the site itself
  put(START, stageText(START, start, stage));
  for (const page of contents)
    put(page.path, stagePage(page, readFileSync(join(ROOT, page.path), 'utf8'), stage));
  for (const path of listFiles().filter((name) => name.startsWith('docs/') && isPicture(name)))
    cpSync(join(ROOT, path), join(STAGED, path));
}

function put(path: string, text: string): void {
  mkdirSync(dirname(join(STAGED, path)), { recursive: true });
  writeFileSync(join(STAGED, path), text);
}

function repositoryUrl(): string {
  const manifest = readFileSync(join(ROOT, 'packages/cablecar/package.json'), 'utf8');
  const { repository } = JSON.parse(manifest) as { repository: { url: string } };
  return repository.url.replace(/^git\+/, '').replace(/\.git$/, '');
}

/** Has TypeDoc make the site; a warning of it is an error, so whatever a docstring links to is there. */
async function typeset(contents: readonly ListedPage[]): Promise<string | undefined> {
  const options = {
    ...(JSON.parse(readFileSync(join(TOOLS, 'typedoc.json'), 'utf8')) as object),
    entryPoints: ENTRIES.map((path) => join(ROOT, 'packages', path)),
    highlightLanguages: LANGUAGES,
    projectDocuments: contents.map(({ path }) => join(STAGED, path)),
    categoryOrder: [...new Set(contents.map(({ section }) => section)), '*'],
    customCss: join(TOOLS, 'site.css'),
    readme: join(STAGED, START),
    tsconfig: join(TOOLS, 'tsconfig.json'),
    sourceLinkTemplate: `${REPOSITORY}/blob/main/{path}#L{line}`,
    out: SITE,
  };
  const file = join(STAGED, 'typedoc.json');
  writeFileSync(file, JSON.stringify(options));
  const typedoc = join(MODULES, 'typedoc/bin/typedoc');
  const { status, output } = await run(process.execPath, [typedoc, '--options', file], ROOT);
  return status === 0 ? undefined : output;
}

/** Links what the docstrings name to the pages that explain it. */
function linkReference(): void {
  const protocol = readFileSync(join(ROOT, 'docs/protocol.md'), 'utf8');
  const places = {
    errors: '../documents/Errors.html',
    protocol: '../documents/Protocol.html',
    sections: numberedSections(anchors(protocol), protocol),
  };
  for (const kind of REFERENCE.filter((name) => existsSync(join(SITE, name))))
    for (const name of readdirSync(join(SITE, kind))) {
      const file = join(SITE, kind, name);
      writeFileSync(file, crossLinks(readFileSync(file, 'utf8'), places));
    }
}

installTools();
const listed = readContents();
const contents = [{ path: CONTENTS, title: 'Contents', section: listed[0]!.section }, ...listed];
await stageAll(contents);
const trouble = await typeset(contents);
if (trouble === undefined) linkReference();
const dead = trouble === undefined ? deadLinks(SITE) : [trouble];
console.log(
  dead.length === 0 ? 'docs/site/index.html: every link of it leads somewhere' : dead.join('\n'),
);
process.exitCode = dead.length === 0 ? 0 : 1;
