import { spawnSync } from 'node:child_process';

const AHEAD = ['chrt', '--rr', '1'];
const works = spawnSync(AHEAD[0]!, [...AHEAD.slice(1), 'true']).status === 0;

/**
 * The command, run ahead of everything else on this machine where that is allowed: what is measured is then the
 * program, and not what else the machine is busy with.
 */
export function ahead(command: readonly string[]): readonly string[] {
  return works ? [...AHEAD, ...command] : command;
}
