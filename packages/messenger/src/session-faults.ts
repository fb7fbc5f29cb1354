import { CableCarError, type CloseFrame } from '@cablecar/core-protocol';
import type { CloseCode, LivenessSettings, SessionEnd, SessionOutput } from './session-types.ts';

// The ends of a session in words, apart from the rules that lead to them.

export function end(code: CloseCode, reason: string, error?: CableCarError): SessionEnd {
  return { kind: 'end', code, reason, error };
}

export function told(event: SessionEnd): SessionOutput {
  return { kind: 'event', event };
}

export function lost(error: CableCarError): SessionEnd {
  const code = error.code === 'ERR_PEER_CRASHED' ? 'crashed' : 'lost';
  return end(code, error.message, error);
}

export function closedByPeer({ code, reason }: CloseFrame): SessionEnd {
  if (code === 0) return end('goodbye', reason || 'the peer said goodbye');
  const sentence = `the peer closed and reported: ${JSON.stringify(reason || 'a fault')}`;
  return end('fault', reason, new CableCarError('ERR_PEER_FAULT', `${sentence}, expected nothing`));
}

export function outOfOrder(type: number): CableCarError {
  const sentence = `the peer sent a malformed or misplaced frame of type ${type}, expected OPEN once, then a session`;
  return new CableCarError('ERR_FRAME', sentence);
}

export function acknowledgedLess(received: number): CableCarError {
  const sentence = `the peer says it has received ${received} messages, expected no less than it said before`;
  return new CableCarError('ERR_FRAME', sentence);
}

export function messageBeforeOpen(): CableCarError {
  return new CableCarError('ERR_FRAME', 'the peer sent a message before OPEN, expected OPEN first');
}

export function beyondCredit(): CableCarError {
  const sentence = 'the peer sent more than it had credit for, expected it to wait';
  return new CableCarError('ERR_FLOW', sentence);
}

export function silent(
  silenceMs: number,
  { heartbeatIntervalMs }: LivenessSettings,
): CableCarError {
  const sentence = `nothing was heard for ${silenceMs} ms, expected a heartbeat every ${heartbeatIntervalMs}`;
  return new CableCarError('ERR_PEER_SILENT', sentence);
}

export function endedWithoutGoodbye(): CableCarError {
  const sentence = 'the peer finished without a goodbye, expected one';
  return new CableCarError('ERR_CONNECTION_LOST', sentence);
}

export function closedWithoutGoodbye(): CableCarError {
  const sentence = 'the connection closed, expected a goodbye before';
  return new CableCarError('ERR_CONNECTION_LOST', sentence);
}

export function notResumed(resumeWindowMs: number): CableCarError {
  const sentence = `the connection was not made again within ${resumeWindowMs} ms, expected it to be`;
  return new CableCarError('ERR_CONNECTION_LOST', sentence);
}

/** A call after the end, or after `close()` where there is no end yet. */
export function calledTooLate(call: string, closed: SessionEnd | undefined): CableCarError {
  const why = closed ? closed.reason : 'close() was called';
  return new CableCarError('ERR_CLOSED', `${call} after the end (${why}), expected it before`, {
    cause: closed?.error,
  });
}

export function acknowledgedMore(received: number, numbered: number): CableCarError {
  const seen = `the peer acknowledged frame ${received}, expected at most ${numbered}`;
  return new CableCarError('ERR_FRAME', seen);
}

export function sentTooLarge(largestBytes: number, maxMessageBytes: number): CableCarError {
  const seen = `a message of ${largestBytes} bytes was sent before the peer said that it takes ${maxMessageBytes}`;
  return new CableCarError('ERR_MESSAGE_TOO_LARGE', `${seen}, expected no more than that`);
}

export function verificationCut(): CableCarError {
  const sentence = 'the connection was lost in a verification, expected it to last; verify again';
  return new CableCarError('ERR_CONNECTION_LOST', sentence);
}
