/** Whose doing an error was, which decides how it reaches the user. */
export type ErrorOrigin = 'local' | 'remote' | 'system';

/** One row of the code table. */
export interface ErrorSpec {
  /** `local` is thrown at the caller, `remote` closes that peer alone, `system` rejects the call or is a warning. */
  readonly origin: ErrorOrigin;
  /** What it means, in one sentence. */
  readonly meaning: string;
  /** What to do about it, in one sentence. */
  readonly remedy: string;
}

/** Every error code there is. The type, the docs page and the tests are made from this table. */
export const ERROR_CODES = {
  ERR_OPTION: {
    origin: 'local',
    meaning: 'An option has a value that it cannot have.',
    remedy: 'The message names the field, the value and the range; correct it.',
  },
  ERR_CLOSED: {
    origin: 'local',
    meaning: 'The object was closed before this call.',
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
    remedy: 'Send less at once, or raise `maxFrameBytes` at both ends.',
  },
  ERR_OUTBOX_FULL: {
    origin: 'local',
    meaning: 'So much waits to be sent to a peer that no more is taken.',
    remedy: 'Heed the answer of `send()`: stop at false and go on at `drain`.',
  },
  ERR_MESSAGE_DECODE: {
    origin: 'remote',
    meaning: 'A message that arrived does not decode as its class, or fails its schema.',
    remedy: 'It was skipped; look for a differing version of the program at the other end.',
  },
  ERR_MESSAGE_UNKNOWN: {
    origin: 'remote',
    meaning: 'The peer has, or sent, a message type that this program has not registered.',
    remedy: 'Such messages are counted and skipped; register the class to receive them.',
  },
  ERR_MESSAGE_MISMATCH: {
    origin: 'remote',
    meaning: 'Both programs have a message type of this name or code, but define it differently.',
    remedy: 'Such messages are counted and skipped; use the same definition at both ends.',
  },
  ERR_FRAME: {
    origin: 'remote',
    meaning: 'The peer sent bytes that are not a frame of the protocol.',
    remedy: 'The connection was closed; look for a foreign program on the port.',
  },
  ERR_FRAME_TOO_LARGE: {
    origin: 'remote',
    meaning: 'The peer announced a frame larger than is allowed here.',
    remedy:
      'The connection was closed, or the line skipped (classic JSON); raise `maxFrameBytes` if it is wanted.',
  },
  ERR_FLOW: {
    origin: 'remote',
    meaning: 'The peer sent more than it had been given credit for.',
    remedy: 'The connection was closed; the other end does not keep to the protocol.',
  },
  ERR_PEER_FAULT: {
    origin: 'remote',
    meaning: 'The peer closed the connection and reported that this program broke the protocol.',
    remedy: 'The message has the peer’s words; the two programs may have differing versions.',
  },
  ERR_PEER_SILENT: {
    origin: 'remote',
    meaning: 'Nothing was heard from the peer for longer than a live peer is ever silent.',
    remedy: 'The peer is taken for lost; it is met again when it comes back.',
  },
  ERR_BEACON: {
    origin: 'remote',
    meaning: 'A datagram on the discovery port was not a well-formed beacon.',
    remedy: 'It was dropped; another kind of program may be using the port.',
  },
  ERR_HANDSHAKE: {
    origin: 'remote',
    meaning:
      'A connection did not begin with a well-formed handshake, or ended in the middle of it.',
    remedy: 'It was closed; look for a foreign program on the port.',
  },
  ERR_HANDSHAKE_TIMEOUT: {
    origin: 'remote',
    meaning: 'A connection did not complete its handshake in time.',
    remedy: 'It was closed; the other end is silent, stalled, or another kind of program.',
  },
  ERR_SERVICE_MISMATCH: {
    origin: 'remote',
    meaning: 'The other program belongs to another service.',
    remedy: 'Use the same `service` at both ends if they are meant to meet.',
  },
  ERR_VERSION_MISMATCH: {
    origin: 'remote',
    meaning: 'The other program speaks a version of the protocol that this one does not.',
    remedy: 'Update the older of the two.',
  },
  ERR_DUPLICATE_LINK: {
    origin: 'remote',
    meaning: 'This connection was a second one between two peers, and the other one was kept.',
    remedy: 'Nothing needs to be done.',
  },
  ERR_SELF: {
    origin: 'remote',
    meaning: 'A program connected to itself.',
    remedy: 'Check the host and port that were given.',
  },
  ERR_REFUSED: {
    origin: 'remote',
    meaning: 'The other program turned the connection away, or this one turned away the other.',
    remedy: 'The message says why; the other end may be full, closing, or in one-to-one mode.',
  },
  ERR_LIMIT: {
    origin: 'remote',
    meaning: 'A limit on strangers was reached, such as connections waiting for their handshake.',
    remedy: 'The newest was turned away; raise the limit if the load is honest.',
  },
  ERR_CONNECTION_LOST: {
    origin: 'system',
    meaning: 'The connection ended without a goodbye.',
    remedy: 'The peer crashed or the network failed; it is met again when it comes back.',
  },
  ERR_CONNECTION_REFUSED: {
    origin: 'system',
    meaning: 'Nothing accepts connections at that address and port.',
    remedy: 'Start the other program, or check the host, the port and the firewall there.',
  },
  ERR_HOST_UNKNOWN: {
    origin: 'system',
    meaning: 'A host name could not be resolved to an address.',
    remedy: 'Check the spelling, or give the address.',
  },
  ERR_UNREACHABLE: {
    origin: 'system',
    meaning: 'The network has no way to that address.',
    remedy: 'Check the address, the cable or Wi-Fi, and that both hosts are on one network.',
  },
  ERR_PORT_IN_USE: {
    origin: 'system',
    meaning: 'Another program holds the port.',
    remedy: 'Choose another port, or end the other program.',
  },
  ERR_PORT_ACCESS: {
    origin: 'system',
    meaning: 'The operating system does not allow this program to use the port or to broadcast.',
    remedy: 'Choose a port of 1024 or above, or give the program permission.',
  },
  ERR_NO_INTERFACE: {
    origin: 'system',
    meaning: 'None of the network interfaces asked for is there.',
    remedy: 'Check `interfaces`; discovery begins by itself once one appears.',
  },
  ERR_SYSTEM: {
    origin: 'system',
    meaning: 'The operating system reported trouble that has no code of its own here.',
    remedy: 'The system error is the `cause`.',
  },
} as const;

/** The code of a {@link CableCarError}. */
export type ErrorCode = keyof typeof ERROR_CODES;
