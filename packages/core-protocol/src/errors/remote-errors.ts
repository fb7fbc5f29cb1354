/** A peer’s or a stranger’s doing: it closes that one alone. */
export const REMOTE_ERRORS = {
  ERR_INVITATION_DECLINED: {
    origin: 'remote',
    meaning: 'The invited player said no, or takes no invitations.',
    remedy: 'The message has the reason; look at `player.openness` before inviting.',
    road: '`invite()` is rejected with it',
  },
  ERR_INVITATION_WITHDRAWN: {
    origin: 'remote',
    meaning: 'An invitation was taken back before it led to a match.',
    remedy: 'Nothing needs to be done; invite again if both still want to.',
    road: '`invite()` or `accept()` is rejected with it',
  },
  ERR_LOBBY_FULL: {
    origin: 'remote',
    meaning:
      "There is no place left: the inviter's game is full, or the invited player plays already.",
    remedy: 'Wait for a `player:update` that shows a free place, or leave the present match.',
    road: '`invite()` or `accept()` is rejected with it',
  },
  ERR_PLAYER_LEFT: {
    origin: 'remote',
    meaning:
      'The player left the lobby, or its connection was lost, before the invitation was settled.',
    remedy: 'Wait for it to come back as another `player` event.',
    road: '`invite()` or `accept()` is rejected with it',
  },
  ERR_MESSAGE_DECODE: {
    origin: 'remote',
    meaning: 'A message that arrived does not decode as its class, or fails its schema.',
    remedy: 'It was skipped; look for a differing version of the program at the other end.',
    road: "it is a `'warning'`; the session goes on",
  },
  ERR_MESSAGE_UNKNOWN: {
    origin: 'remote',
    meaning: 'The peer has, or sent, a message type that this program has not registered.',
    remedy: 'Such messages are counted and skipped; register the class to receive them.',
    road: "it is a `'warning'`; the session goes on",
  },
  ERR_MESSAGE_MISMATCH: {
    origin: 'remote',
    meaning: 'Both programs have a message type of this name or code, but define it differently.',
    remedy: 'Such messages are counted and skipped; use the same definition at both ends.',
    road: "it is a `'warning'`; the session goes on",
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
      'The connection was closed, or the line skipped (classic JSON); raise `maxMessageBytes` if it is wanted.',
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
  ERR_SECURITY_MODE: {
    origin: 'remote',
    meaning: 'One of the two programs encrypts and the other does not; neither gives way.',
    remedy: 'Use the same `security` at both ends; another kind of program may be on the port.',
  },
  ERR_IDENTITY: {
    origin: 'remote',
    meaning: 'The key at the other end is not the one that belongs to the id it gives.',
    remedy: 'It was closed; somebody may be posing as that peer or sitting in between.',
  },
  ERR_SECRET: {
    origin: 'remote',
    meaning: 'The other program has another secret, or only one of the two has any.',
    remedy: 'Give both the same `secret` if they are meant to meet.',
  },
  ERR_UNTRUSTED: {
    origin: 'remote',
    meaning: 'This program does not trust the other one, or the other does not trust this one.',
    remedy: 'See `trust` at the end that refused.',
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
} as const;
