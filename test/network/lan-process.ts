import { FROM_SOURCES } from '../support/from-sources.ts';
import { Program } from '../support/program.ts';

export type { Line } from '../support/program.ts';

/** A program that runs on a host of the LAN: of TypeScript, or bundled into one file of JavaScript. */
export class LanProcess extends Program {
  constructor(inside: readonly string[], script: string, args: readonly string[]) {
    const node = script.endsWith('.ts') ? FROM_SOURCES : [process.execPath];
    super(`${script} ${args.join(' ')}`, [...inside, ...node, script, ...args]);
  }
}
