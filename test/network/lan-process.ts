import { Program } from '../support/program.ts';

export type { Line } from '../support/program.ts';

/** A TypeScript program that runs on a host of the LAN. */
export class LanProcess extends Program {
  constructor(namespace: string, script: string, args: readonly string[]) {
    const node = [process.execPath, '--conditions=@cablecar/source', '--import', 'tsx'];
    super(`${script} ${args.join(' ')}`, [
      'ip',
      'netns',
      'exec',
      namespace,
      ...node,
      script,
      ...args,
    ]);
  }
}
