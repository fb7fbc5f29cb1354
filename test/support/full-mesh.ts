import { execFileSync } from 'node:child_process';
import { expect, vi } from 'vitest';
import type { Line, Program } from './program.ts';

/**
 * Lets programs, which are loaded and have not joined, join all at once, and demands that each meets each of the others
 * exactly once and can talk to it. Resolves with the milliseconds from the last `join()` to the last `'peer'`.
 */
export async function joinAtOnce(programs: readonly Program[]): Promise<number> {
  const others = programs.length - 1;
  for (const program of programs) program.tell({ do: 'join' });
  await Promise.all(programs.map((program) => each(program, 'peer', others)));
  for (const program of programs) program.tell({ do: 'say', text: 'hello' });
  await Promise.all(programs.map((program) => each(program, 'heard', others)));
  for (const program of programs) {
    expect(printed(program, 'lost')).toEqual([]);
    const ids = printed(program, 'peer').map(({ id }) => id);
    expect(new Set(ids).size).toBe(others);
    expect(ids).toHaveLength(others);
    expect(printed(program, 'heard')).toHaveLength(others);
  }
  return latest(programs, 'peer') - latest(programs, 'joining');
}

/** Demands that a process has so many connections; one that lost a simultaneous dial may take a moment to go. */
export function expectConnections(
  { pid }: Program,
  count: number,
  command: readonly string[] = ['env'],
): Promise<void> {
  const [program = '', ...args] = command;
  const list = [...args, 'ss', '-Htnp', 'state', 'established'];
  return vi.waitFor(
    () => {
      const lines = execFileSync(program, list, { encoding: 'utf8' }).split('\n');
      expect(lines.filter((line) => line.includes(`pid=${pid},`))).toHaveLength(count);
    },
    { timeout: 5_000, interval: 100 },
  );
}

async function each(program: Program, kind: string, count: number): Promise<void> {
  for (let seen = 0; seen < count; seen++) {
    await program.next((line) => line['kind'] === kind, { timeoutMs: 30_000 });
  }
}

function printed(program: Program, kind: string): Line[] {
  return program.printed.filter((line) => line['kind'] === kind);
}

function latest(programs: readonly Program[], kind: string): number {
  const moments = programs.flatMap((program) => printed(program, kind)).map(({ at }) => Number(at));
  return Math.max(...moments);
}
