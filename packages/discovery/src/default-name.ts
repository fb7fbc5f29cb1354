import { hostname, userInfo } from 'node:os';
import { cleanText, MAX_NAME_LENGTH } from '@cablecar/core-protocol';

/** What a program is called unless it says otherwise: `user@host`. */
export function defaultName(): string {
  return cleanText(`${userName()}@${hostname()}`, MAX_NAME_LENGTH);
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return 'somebody'; // a user id without an entry, as in some containers
  }
}
