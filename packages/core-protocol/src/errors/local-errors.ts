/** The caller’s doing: thrown at the call. */
export const LOCAL_ERRORS = {
  ERR_OPTION: {
    origin: 'local',
    meaning: 'An option has a value that it cannot have.',
    remedy: 'The message names the field, the value and the range; correct it.',
  },
  ERR_CLOSED: {
    origin: 'local',
    meaning: 'The object was closed, or its peer had left, before this call.',
    remedy: 'Check `closed`, or wait for the `close` event, before using it.',
  },
  ERR_STATE: {
    origin: 'local',
    meaning: 'The call does not fit what the object is doing, such as starting what has started.',
    remedy: 'Follow the order that the method documents.',
  },
  ERR_TIMEOUT: {
    origin: 'local',
    meaning: 'What was waited for did not happen within `timeoutMs`.',
    remedy: 'Wait longer, or look at the warnings for what stood in the way.',
  },
  ERR_CONCURRENT_READ: {
    origin: 'local',
    meaning: 'A messenger has one consumer at a time and a second one asked for messages.',
    remedy:
      'Use one of `message` listeners, `for await`, `batches()` or `get()` for each messenger.',
  },
  ERR_LISTENER: {
    origin: 'local',
    meaning: 'A listener or callback of the program threw.',
    remedy: 'The thrown value is the `cause`; mend the listener.',
    road: "it is a `'warning'`; everything else goes on",
  },
  ERR_MESSAGE_DEFINITION: {
    origin: 'local',
    meaning: 'A message class is defined with a name, code or layout that cannot travel.',
    remedy: 'The message names what is wrong with the definition; correct it.',
  },
  ERR_MESSAGE_DUPLICATE: {
    origin: 'local',
    meaning: 'Two message classes of one registry have the same name or the same code.',
    remedy: 'Give each message class its own; codes 1 to 4 belong to the built-in messages.',
  },
  ERR_MESSAGE_UNREGISTERED: {
    origin: 'local',
    meaning: 'The message sent is not an instance of a class in `messages`.',
    remedy: 'Add its class to the `messages` list.',
  },
  ERR_MESSAGE_ENCODE: {
    origin: 'local',
    meaning: 'A message has a value that cannot be put into bytes without changing it.',
    remedy: 'The message names the field, the value and the range; correct the value.',
  },
  ERR_MESSAGE_TOO_LARGE: {
    origin: 'local',
    meaning: 'An encoded message is larger than a frame may be.',
    remedy: 'Send less at once, or raise `maxMessageBytes` at both ends.',
  },
  ERR_OUTBOX_FULL: {
    origin: 'local',
    meaning: 'So much waits to be sent to a peer that no more is taken.',
    remedy: 'Heed the answer of `send()`: stop at false and go on at `drain`.',
    road: "`send()` throws it; `broadcast()` gives it as a `'warning'` and goes on with the other peers",
  },
  ERR_INSECURE: {
    origin: 'local',
    meaning: 'Connections are neither encrypted nor authenticated, as `security: none` asks.',
    remedy: 'Leave `security` out, at both ends, wherever it is not for debugging.',
    road: "it is a `'warning'` when the program begins",
  },
  ERR_WEAK_SECRET: {
    origin: 'local',
    meaning: 'The `secret` can be guessed by trying.',
    remedy: 'Use what `generateSecret()` gives, or at least four words chosen at random.',
  },
  ERR_IDENTITY_FILE: {
    origin: 'local',
    meaning: 'The file of `identity` or `knownPeers` does not hold what was once written there.',
    remedy: 'Restore it, or remove it; without it this program, or its peers, count as new.',
  },
  ERR_PRIVATE_FILE: {
    origin: 'local',
    meaning: 'A file that is for this user alone can be read or written by others.',
    remedy:
      'Take the rights of others away (`chmod 600`); remove the file if they may have seen it.',
  },
  ERR_PEER_LIMIT: {
    origin: 'local',
    meaning: 'An encoded message is larger than this peer takes.',
    remedy: 'Send it less at once, or raise `maxMessageBytes` there.',
    road: "`send()` throws it; `broadcast()` gives it as a `'warning'` and goes on with the other peers",
  },
} as const;
