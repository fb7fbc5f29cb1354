import { cleanText, MAX_NAME_LENGTH } from '@cablecar/core-protocol';
import { systemIdentity } from '@cablecar/transport';

/** What a program is called unless it says otherwise: `user@host`. */
export function defaultName(): string {
  const { username, hostname } = systemIdentity();
  return cleanText(`${username}@${hostname}`, MAX_NAME_LENGTH);
}
