import { describe, expect, it } from 'vitest';
import { parseSource } from '../sources.ts';
import { citationProblems } from './citations.ts';

const PROTOCOL = `# Protocol
MUST means what it says.
## 1 Frames
Bytes.
### 1.1 Header
1. It MUST be short,
   and
2. it may be long; but then
   it MUST end.
3. It may.

After the list.
## 2. Session
It MUST end.
`;

/** What is wrong when these files cite the protocol. */
function sentences(files: Record<string, string>): string[] {
  const sources = Object.entries(files).map(([path, text]) => parseSource(path, text));
  return citationProblems(PROTOCOL, sources).map(
    ({ path, line, sentence }) => `${path}:${line} ${sentence}`,
  );
}

const TESTS = `it('is short (§1.1(1))'); it('§1.1(2) ends'); it('§2');`;

describe('citations of the protocol', () => {
  it('may be of any section and rule, and each that says MUST has one in a test', () => {
    const code = '/** @see docs/protocol.md §1, §1.1(3) */';
    expect(sentences({ 'packages/a/src/a.ts': code, 'packages/a/src/a.test.ts': TESTS })).toEqual(
      [],
    );
  });

  it('must not be of what the protocol does not have', () => {
    expect(sentences({ 'test/a.test.ts': TESTS, 'test/a.ts': '\n// §3.4 §1.1(4)' })).toEqual([
      'test/a.ts:2 §3.4 is nowhere in docs/protocol.md',
      'test/a.ts:2 §1.1(4) is nowhere in docs/protocol.md',
    ]);
  });

  it('are missed where a MUST is cited by no test', () => {
    const tests = `it('§1.1 and §1.1(1)');`;
    expect(sentences({ 'packages/a/src/a.ts': '// §2', 'test/a.test.ts': tests })).toEqual([
      'docs/protocol.md:8 §1.1(2) says MUST, and no test cites it',
      'docs/protocol.md:13 §2 says MUST, and no test cites it',
    ]);
  });
});
