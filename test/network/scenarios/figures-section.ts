import { splitPage } from '../../support/page-part.ts';
import type { Figures } from './stage.ts';

/** What is read of the JSON report of the scenarios. */
export interface ScenarioReport {
  readonly testResults: readonly {
    readonly assertionResults: readonly {
      readonly title: string;
      readonly status: string;
      readonly meta: { readonly figures?: Figures };
    }[];
  }[];
}

/** How many scenarios have a number. */
const SCENARIOS = 24;

interface Played {
  readonly title: string;
  readonly figures: Figures;
}

/**
 * A page with the figures of the latest run of each scenario between its two marks; reports in their order in time.
 * @throws {Error} where a scenario is missing or failed, or the page has no marks
 */
export function withFigures(page: string, reports: readonly ScenarioReport[]): string {
  const { before, after } = splitPage(page, 'scenarios', 'test:network:write');
  return before + section(playedIn(reports)) + after;
}

function playedIn(reports: readonly ScenarioReport[]): readonly Played[] {
  const latest = new Map(
    reports
      .flatMap(({ testResults }) => testResults)
      .flatMap(({ assertionResults }) => assertionResults)
      .filter(({ status }) => status === 'passed' || status === 'failed') // others were left out
      .map((result) => [result.title, result]),
  );
  const all = [...latest.values()];
  const failed = all.filter(({ status }) => status !== 'passed');
  if (failed.length > 0) throw new Error(`failed: ${failed.map(({ title }) => title).join(', ')}`);
  const played = all.flatMap(({ title, meta: { figures } }) =>
    figures ? [{ title, figures }] : [],
  );
  played.sort((one, other) => numberOf(one) - numberOf(other));
  const numbers = played.map(numberOf).filter((number) => number < Infinity);
  if (numbers.join() !== Array.from({ length: SCENARIOS }, (_, index) => index + 1).join()) {
    throw new Error(`scenarios ${numbers.join(', ')} were played, expected 1 to ${SCENARIOS}`);
  }
  return played;
}

/** The number before the title; those without one come last. */
function numberOf({ title }: Played): number {
  return Number(/^(\d+): /.exec(title)?.[1] ?? Infinity);
}

function section(played: readonly Played[]): string {
  const sum = (key: keyof Figures): string =>
    count(played.reduce((total, { figures }) => total + Number(figures[key] ?? 0), 0));
  const most = (key: 'suspectMs' | 'resumeMs'): string =>
    seconds(played.flatMap(({ figures }) => figures[key] ?? []));
  const rows = played.map(({ title, figures }) => row(title, figures));
  return [
    `At full length: ${sum('said')} messages said, ${sum('lost')} lost, ${sum('doubled')} doubled, ` +
      `${sum('reordered')} out of order, ${sum('damaged')} damaged; ${sum('undelivered')} were reported as undelivered ` +
      'where a session ended.',
    `After a long cut a peer was suspected within ${most('suspectMs')}; after its end it was back within ` +
      `${most('resumeMs')}. In ${sum('stalls')} stalls there were ${sum('falseDeaths')} false deaths.`,
    '',
    '| scenario | messages | undelivered | resumed | suspected within | back within |',
    '| :-- | --: | --: | --: | --: | --: |',
    ...rows,
  ].join('\n');
}

function row(title: string, figures: Figures): string {
  const { said, undelivered, resumes = 0, suspectMs = [], resumeMs = [] } = figures;
  const cells = [title, count(said), count(undelivered), count(resumes)];
  return `| ${[...cells, seconds(suspectMs), seconds(resumeMs)].join(' | ')} |`;
}

function count(number: number): string {
  return number.toLocaleString('en-GB');
}

function seconds(all: readonly number[]): string {
  return all.length === 0 ? '' : `${(Math.max(...all) / 1_000).toFixed(2)} s`;
}
