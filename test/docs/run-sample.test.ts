import { describe, expect, it } from 'vitest';
import { fencesOf } from './fences.ts';
import { runSample } from './run-sample.ts';

const [fence] = fencesOf('page.md', '```ts run\n```\n\n```text\nhi …\n```\n');
const node = (code: string): string[] => [process.execPath, '--eval', code];

describe('a sample', () => {
  it('has to end well and to print what its page says', async () => {
    expect(await runSample(fence!, node(`console.log('hi there')`))).toBeUndefined();
    expect(await runSample(fence!, node(`console.log('ho')`))).toContain('printed:\nho');
    expect(await runSample(fence!, node('process.exit(3)'))).toContain('ended with 3');
  });

  it('of several programs has the names of all, and their lines in any order', async () => {
    const [two] = fencesOf('page.md', '```ts run b a\n```\n\n```text\nI am b\nI am a\n```\n');
    expect(await runSample(two!, node('console.log(`I am ${process.argv[1]}`)'))).toBeUndefined();
    expect(await runSample(two!, node('console.log(`I am a`)'))).toContain(
      'printed:\nI am a\nI am a',
    );
  });
});
