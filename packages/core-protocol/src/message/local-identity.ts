import { CableCarError } from '../errors/cablecar-error.ts';

/** Who runs this program, and where. */
export interface LocalIdentity {
  readonly username: string;
  readonly hostname: string;
}

let read: (() => LocalIdentity) | undefined;

/**
 * Says how to find out who runs this program; the latest word counts. For the layer that knows the system.
 *
 * The one thing here that a whole process shares. `new MsgIdentify()` is filled in by default, but a message is made
 * by the program itself, before and apart from any object that could hand the names in; and asking the system is
 * what this package, which runs in a simulator as well, must not do.
 * @internal
 */
export function provideLocalIdentity(reader: () => LocalIdentity): void {
  read = reader;
}

/**
 * Who runs this program.
 * @throws {CableCarError} ERR_OPTION where nothing has said how to find out
 */
export function localIdentity(): LocalIdentity {
  if (read !== undefined) return read();
  throw new CableCarError(
    'ERR_OPTION',
    'MsgIdentify was made without username or hostname where the system cannot be asked, expected both',
  );
}
