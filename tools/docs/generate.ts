// `npm run docs:generate`: writes the pages that are made from the sources.
import { readSources } from '../sources.ts';
import { writePages } from './pages.ts';

const changed = await writePages(readSources());
console.log(changed.length === 0 ? 'every page is up to date' : `written: ${changed.join(', ')}`);
