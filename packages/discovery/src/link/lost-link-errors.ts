import { CableCarError } from '@cablecar/core-protocol';

// Why a link ends that waits for another connection, or gives way to a newer link.

/** The same life of the peer began another link. */
export function displacedError(): CableCarError {
  const sentence = 'the peer made a newer connection, expected the old one to be gone';
  return new CableCarError('ERR_CONNECTION_LOST', sentence);
}

/** The peer's program began anew. */
export function restartedError(): CableCarError {
  const sentence = 'the peer’s program ended and began anew, expected a goodbye before';
  return new CableCarError('ERR_PEER_CRASHED', sentence);
}

/** Neither heard nor listening, on a host that answers. */
export function endedError(): CableCarError {
  const sentence =
    'the peer is not heard any more and its host refuses connections, expected its program to live';
  return new CableCarError('ERR_PEER_CRASHED', sentence);
}

/** The peer stopped while there was no connection on which to say goodbye. */
export function leftError(): CableCarError {
  const sentence = 'the peer left while there was no connection, expected a goodbye on one';
  return new CableCarError('ERR_CONNECTION_LOST', sentence);
}

/** This program stopped looking. */
export function stoppedError(): CableCarError {
  const sentence = 'the connection was lost, and nobody looks for another one any more';
  return new CableCarError('ERR_CONNECTION_LOST', sentence);
}
