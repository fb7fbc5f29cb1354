import { plainText } from '../screen.ts';
import type { Computer, Display } from './display.ts';
import type { MsgStats } from './stats.ts';

/** One line for each message: for pipes and files. */
export class PlainLines implements Display {
  #isIntroduced = false;

  show({ address }: Computer, stats: MsgStats): void {
    const isOwn = address === '';
    if (isOwn && this.#isIntroduced) return; // once; all that follows is of the others
    this.#isIntroduced ||= isOwn;
    const { host, cpu_percent, load_avg, memory_percent, memory_total, temp } = stats;
    const load = load_avg.map((value) => value.toFixed(2)).join(' ');
    const memory = `${memory_percent.toFixed(0)} % of ${(memory_total / 2 ** 30).toFixed(1)} GiB`;
    const heat = typeof temp === 'number' ? `, ${temp.toFixed(0)} °C` : '';
    const line = `processor ${cpu_percent.toFixed(0)} %, load ${load}, memory ${memory}${heat}`;
    console.log(`${plainText(host, 60)}: ${line}`);
  }

  left({ name }: Computer): void {
    console.log(`${plainText(name, 60)} left`);
  }

  close(): void {}
}
