import { expect, it } from 'vitest';
import { runtimesPage } from './runtimes-page.ts';

it('the page of the runtimes hides nothing that a runtime did not do', () => {
  const cells = new Map([
    ['import', 'yes'],
    ['secret', 'by hand'],
  ]);
  const text = runtimesPage({
    rows: [{ name: 'Bun', version: '1.2.3', cells, samples: 6 }],
    columns: ['import', 'require', 'secret'],
    samples: 7,
    here: '20.20.2',
    tarballs: [],
    bundledBytes: 1025,
  });
  expect(text).toContain('| Bun (1.2.3) | yes | **no** | by hand | 6 of 7 |');
  expect(text).toContain('one on Node 20.20.2:');
  expect(text).toContain('weighs 2 KiB');
});
