import { paint, plainText } from '../screen.ts';
import type { Computer } from './display.ts';
import type { MsgStats } from './stats.ts';

/** A computer in the table. */
export interface Row {
  readonly computer: Computer;
  readonly stats: MsgStats;
  /** How busy it has been, in percent, the oldest first. */
  readonly history: readonly number[];
}

const [GREEN, YELLOW, RED] = [32, 33, 31];
const STEPS = '▁▂▃▄▅▆▇█';
const HISTORY = 12;
const BAR = 10;

/** The table as lines of a terminal. */
export function tableLines(rows: readonly Row[]): string[] {
  const head = `${'HOST'.padEnd(20)}  ${'ADDRESS'.padEnd(15)}  ${'CPU'.padEnd(HISTORY + 6)}  ${'MEMORY'.padEnd(BAR + 6)}  LOAD`;
  const count = `${rows.length} computer${rows.length === 1 ? '' : 's'}`;
  return [
    '',
    ` ${paint(1, `cpu-mon · ${count}`)}`,
    ` ${paint(2, head)}`,
    ...rows.map(line),
    '',
    ' q: quit',
  ];
}

function line({ computer, stats, history }: Row): string {
  const { host, cpu_percent, memory_percent, load_avg, temp } = stats;
  const cells = [
    plainText(host).padEnd(20),
    (computer.address || 'this computer').padEnd(15),
    `${trace(history)} ${percent(cpu_percent)}`,
    `${bar(memory_percent)} ${percent(memory_percent)}`,
    load_avg.map((value) => value.toFixed(2)).join(' '),
    typeof temp === 'number' ? `${temp.toFixed(0)} °C` : '',
  ];
  return ` ${cells.join('  ')}`.trimEnd();
}

function percent(value: number): string {
  return paint(colourOf(value), `${value.toFixed(0)} %`.padStart(5));
}

/** What it has been lately, a character each time. */
function trace(history: readonly number[]): string {
  const steps = history.slice(-HISTORY).map((value) => {
    const step = Math.min(Math.floor((value / 100) * STEPS.length), STEPS.length - 1);
    return paint(colourOf(value), STEPS[Math.max(0, step)] ?? ' ');
  });
  return ' '.repeat(HISTORY - steps.length) + steps.join('');
}

function bar(value: number): string {
  const full = Math.max(0, Math.min(Math.round((value / 100) * BAR), BAR));
  return paint(colourOf(value), '█'.repeat(full)) + paint(2, '░'.repeat(BAR - full));
}

function colourOf(value: number): number {
  return value >= 90 ? RED : value >= 60 ? YELLOW : GREEN;
}
