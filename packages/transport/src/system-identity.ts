import { hostname, userInfo } from 'node:os';
import { provideLocalIdentity, type LocalIdentity } from '@cablecar/core-protocol';

/** Who runs this program, and on which host, as the system says. */
export function systemIdentity(): LocalIdentity {
  return { username: userName(), hostname: hostname() };
}

let user: string | undefined;

/** Asked once: it takes long, and each of thousands of peers would like to know. */
function userName(): string {
  return (user ??= askUserName());
}

function askUserName(): string {
  try {
    return userInfo().username;
  } catch {
    return 'somebody'; // a user id without an entry, as in some containers
  }
}

// Whoever has this package has a system to ask; so `new MsgIdentify()` is filled in from here on. Its byte form ends the
// user at the first '@', which some directory services put into names.
provideLocalIdentity(() => {
  const { username, hostname: host } = systemIdentity();
  return { username: username.split('@')[0] ?? username, hostname: host.split('@')[0] ?? host };
});
