import { CableCarError } from '@cablecar/core-protocol';
import { describe, expect, test } from 'vitest';
import { bindError, connectionError, dialError, sendError } from './system-errors.ts';

describe("the system's errors", () => {
  test.each([
    [dialError, 'ECONNREFUSED', 'ERR_CONNECTION_REFUSED'],
    [dialError, 'ENOTFOUND', 'ERR_HOST_UNKNOWN'],
    [dialError, 'EAI_AGAIN', 'ERR_HOST_UNKNOWN'],
    [dialError, 'EHOSTUNREACH', 'ERR_UNREACHABLE'],
    [dialError, 'ENETUNREACH', 'ERR_UNREACHABLE'],
    [dialError, 'EADDRNOTAVAIL', 'ERR_UNREACHABLE'],
    [dialError, 'ETIMEDOUT', 'ERR_UNREACHABLE'],
    [dialError, 'EMFILE', 'ERR_SYSTEM'],
    [connectionError, 'ECONNRESET', 'ERR_CONNECTION_LOST'],
    [connectionError, 'EPIPE', 'ERR_CONNECTION_LOST'],
    [connectionError, 'ETIMEDOUT', 'ERR_CONNECTION_LOST'],
    [connectionError, 'ECONNABORTED', 'ERR_CONNECTION_LOST'],
    [bindError, 'EADDRINUSE', 'ERR_PORT_IN_USE'],
    [bindError, 'EACCES', 'ERR_PORT_ACCESS'],
    [bindError, 'EMFILE', 'ERR_SYSTEM'],
    [sendError, 'ENETUNREACH', 'ERR_UNREACHABLE'],
    [sendError, 'EACCES', 'ERR_PORT_ACCESS'],
    [sendError, 'EPERM', 'ERR_PORT_ACCESS'],
    [sendError, 'EMSGSIZE', 'ERR_SYSTEM'],
  ])('%o: %s is %s', (describeError, code, expected) => {
    const cause = Object.assign(new Error('from the system'), { code });
    const error = describeError('10.0.0.1:80', cause);
    expect(error.code).toBe(expected);
    expect(error.message).toContain('10.0.0.1:80');
    expect(error.message).toContain(code);
    expect(error.cause).toBe(cause);
  });

  test('are known by the first attempt where a host has several addresses', () => {
    const attempts = ['ECONNREFUSED', 'ENETUNREACH'].map((code) =>
      Object.assign(new Error(code), { code }),
    );
    expect(dialError('ada:80', new AggregateError(attempts)).code).toBe('ERR_CONNECTION_REFUSED');
  });

  test('are known by what failed where the runtime has no code for them', () => {
    const cause = Object.assign(new Error('no such host'), { syscall: 'getaddrinfo' });
    expect(dialError('ada:80', cause).code).toBe('ERR_HOST_UNKNOWN');
    const error = dialError('ada:80', 'something odd');
    expect(error.code).toBe('ERR_SYSTEM');
    expect(error.message).toContain('something odd');
  });

  test('that are ours already stay what they are', () => {
    const ours = new CableCarError('ERR_HANDSHAKE', 'x was seen, y was expected');
    expect(connectionError('10.0.0.1:80', ours)).toBe(ours);
  });
});
