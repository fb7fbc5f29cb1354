import { randomBytes } from 'node:crypto';
import { readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { CableCarError, type PrivateFile } from '@cablecar/core-protocol';

/** What the group and all others may do, in the mode of a file. */
const RIGHTS_OF_OTHERS = 0o077;

/** A file of this user alone, written beside its place and moved there, so that it is never seen half. */
export class PrivateTextFile implements PrivateFile {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  read(): string | undefined {
    try {
      this.#demandPrivate();
      return readFileSync(this.#path, 'utf8');
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw CableCarError.from(
        cause,
        'ERR_SYSTEM',
        `could not read ${this.#path}, expected a file`,
      );
    }
  }

  write(text: string): void {
    const fresh = `${this.#path}.${randomBytes(6).toString('hex')}`;
    try {
      writeFileSync(fresh, text, { mode: 0o600, flag: 'wx', flush: true });
      renameSync(fresh, this.#path);
    } catch (cause) {
      const sentence = `could not write ${this.#path}, expected a folder that takes it`;
      throw new CableCarError('ERR_SYSTEM', sentence, { cause });
    }
  }

  /** Windows has other rights, and shows none of them in the mode. */
  #demandPrivate(): void {
    const mode = statSync(this.#path).mode & 0o777;
    if (process.platform === 'win32' || (mode & RIGHTS_OF_OTHERS) === 0) return;
    const sentence = `${this.#path} has mode ${mode.toString(8)}, expected 600: for its owner alone`;
    throw new CableCarError('ERR_PRIVATE_FILE', sentence);
  }
}
