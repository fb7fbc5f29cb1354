import { describe, expect, it } from 'vitest';
import { contentsProblems, listedPages } from './contents.ts';

const CONTENTS = `# Contents
- [Before](before.md): nothing
## Begin
Words with a [link](x.md).
- [The \`first\`](first.md): a page, see [more](first.md#more)
## Look up
- [Package](../packages/a/README.md): another
`;

describe('the contents of the docs', () => {
  const pages = listedPages(CONTENTS);

  it('are the items that begin with a link, under their heading', () => {
    expect(pages).toEqual([
      { path: 'docs/before.md', title: 'Before', section: '' },
      { path: 'docs/first.md', title: 'The first', section: 'Begin' },
      { path: 'packages/a/README.md', title: 'Package', section: 'Look up' },
    ]);
  });

  it('have to list each page once', () => {
    const files = ['docs/README.md', 'docs/before.md', 'docs/first.md', 'docs/new.md', 'a.md'];
    expect(contentsProblems([...pages, pages[0]!], files).map(({ sentence }) => sentence)).toEqual([
      'does not list docs/new.md',
      'lists docs/before.md twice',
    ]);
  });
});
