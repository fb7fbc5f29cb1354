import { describe, expect, it } from 'vitest';
import { firstSteps, startOfClone } from './first-steps.ts';

const PAGE = `
\`\`\`ts run Ada Bob
console.log(1);
\`\`\`

Save it as \`one.mts\`:

\`\`\`sh
npm install cablecar
node one.mts Ada # old: npx tsx one.mts Ada
node one.mts Bob
\`\`\`
`;

describe('the first steps of a page', () => {
  it('are what it says to install, to save and to start', () => {
    const { install, program, file } = firstSteps('a.md', PAGE);
    expect([install, program.text, file]).toEqual([
      'npm install cablecar',
      'console.log(1);\n',
      'one.mts',
    ]);
  });

  it.each([['npm install cablecar'], ['Save it'], ['node one.mts Bob'], ['npx tsx'], ['ts run']])(
    'are refused without %s',
    (said) => expect(() => firstSteps('a.md', PAGE.replace(said, ''))).toThrow('does not say'),
  );

  it('of a clone are two commands', () => {
    expect(startOfClone('```sh\nnpm ci && npm start # go\n```\n')).toEqual(['npm ci', 'npm start']);
    expect(() => startOfClone('nothing')).toThrow('does not say');
  });
});
