import { describe, expect, it } from 'vitest';
import { missingScripts } from './commands.ts';
import { fencesOf } from './fences.ts';

describe('the commands of the docs', () => {
  it('name scripts that there are', () => {
    const shell = (text: string): string[] =>
      fencesOf('page.md', `\`\`\`sh\n${text}\n\`\`\``).flatMap(missingScripts);
    expect(shell('npm ci && npm start\nnpm test\nnpm run check\nnpm run demo -w examples')).toEqual(
      [],
    );
    expect(shell('npm run nothing && npm run none -w examples')).toEqual([
      'page.md:2 npm run nothing',
      'page.md:2 npm run none -w examples',
    ]);
  });
});
