import { CableCarError, type ErrorCode } from '@cablecar/core-protocol';

type Codes = Readonly<Record<string, ErrorCode>>;

const FORBIDDEN = { EACCES: 'ERR_PORT_ACCESS', EPERM: 'ERR_PORT_ACCESS' } as const;

const UNREACHABLE = {
  EHOSTUNREACH: 'ERR_UNREACHABLE',
  EHOSTDOWN: 'ERR_UNREACHABLE',
  ENETUNREACH: 'ERR_UNREACHABLE',
  ENETDOWN: 'ERR_UNREACHABLE',
  EADDRNOTAVAIL: 'ERR_UNREACHABLE',
  EINVAL: 'ERR_UNREACHABLE',
} as const;

const BIND: Codes = { ...FORBIDDEN, EADDRINUSE: 'ERR_PORT_IN_USE' };
const SEND: Codes = { ...FORBIDDEN, ...UNREACHABLE };
const DIAL: Codes = {
  ...UNREACHABLE,
  ETIMEDOUT: 'ERR_UNREACHABLE',
  ECONNREFUSED: 'ERR_CONNECTION_REFUSED',
  ECONNRESET: 'ERR_CONNECTION_REFUSED',
  ENOTFOUND: 'ERR_HOST_UNKNOWN',
  EAI_AGAIN: 'ERR_HOST_UNKNOWN',
};

/** What the system said when a port was to be bound, as a CableCarError. */
export function bindError(where: string, cause: unknown): CableCarError {
  return systemError(BIND, cause, `could not listen on ${where}`, 'a free port');
}

/** What the system said when a datagram was to be sent, as a CableCarError. */
export function sendError(where: string, cause: unknown): CableCarError {
  return systemError(SEND, cause, `could not send ${where}`, 'a network that takes it');
}

/** What the system said when datagrams were to be received, as a CableCarError. */
export function receiveError(where: string, cause: unknown): CableCarError {
  return systemError({}, cause, `could not receive on ${where}`, 'to hear datagrams');
}

/** What the system said when its network interfaces were to be listed, as a CableCarError. */
export function enumerateError(cause: unknown): CableCarError {
  return systemError({}, cause, 'could not list the network interfaces', 'the system to');
}

/** What the system said when a connection was dialled, as a CableCarError. */
export function dialError(where: string, cause: unknown): CableCarError {
  // Every failure of the resolver means the same, and not every runtime names it by one of the codes above.
  const codes = text(cause, 'syscall') === 'getaddrinfo' ? {} : DIAL;
  const otherwise = codes === DIAL ? 'ERR_SYSTEM' : 'ERR_HOST_UNKNOWN';
  return systemError(
    codes,
    cause,
    `could not connect to ${where}`,
    'a program that accepts',
    otherwise,
  );
}

/** What the system said when an open connection broke, as a CableCarError: lost, whatever the reason was. */
export function connectionError(where: string, cause: unknown): CableCarError {
  const seen = `the connection to ${where} broke`;
  return systemError({}, cause, seen, 'it to be closed in order', 'ERR_CONNECTION_LOST');
}

function systemError(
  codes: Codes,
  cause: unknown,
  seen: string,
  expected: string,
  otherwise: ErrorCode = 'ERR_SYSTEM',
): CableCarError {
  const name = systemCode(cause);
  const detail = name ?? (cause instanceof Error ? cause.message : String(cause));
  const code = (name === undefined ? undefined : codes[name]) ?? otherwise;
  return CableCarError.from(cause, code, `${seen} (${detail}), expected ${expected}`);
}

/** The system's own code, of the first attempt where a host has several addresses and all failed. */
function systemCode(cause: unknown): string | undefined {
  const code = text(cause, 'code');
  if (code !== undefined || !(cause instanceof AggregateError)) return code;
  return systemCode(cause.errors[0]);
}

function text(value: unknown, key: string): string | undefined {
  const field: unknown = (value as Record<string, unknown> | null | undefined)?.[key];
  return typeof field === 'string' ? field : undefined;
}
