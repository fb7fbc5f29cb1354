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
  const sentence = `could not listen on ${where}${reason(cause)}, expected a free port`;
  return CableCarError.from(cause, codeFor(cause, BIND), sentence);
}

/** What the system said when a datagram was to be sent, as a CableCarError. */
export function sendError(where: string, cause: unknown): CableCarError {
  const sentence = `could not send ${where}${reason(cause)}, expected a network that takes it`;
  return CableCarError.from(cause, codeFor(cause, SEND), sentence);
}

/** What the system said when datagrams were to be received, as a CableCarError. */
export function receiveError(where: string, cause: unknown): CableCarError {
  const sentence = `could not receive on ${where}${reason(cause)}, expected datagrams`;
  return CableCarError.from(cause, 'ERR_SYSTEM', sentence);
}

/** What the system said when its network interfaces were to be listed, as a CableCarError. */
export function enumerateError(cause: unknown): CableCarError {
  const sentence = `could not list the network interfaces${reason(cause)}, expected a list`;
  return CableCarError.from(cause, 'ERR_SYSTEM', sentence);
}

/** What the system said when a connection was dialled, as a CableCarError. */
export function dialError(where: string, cause: unknown): CableCarError {
  const sentence = `could not connect to ${where}${reason(cause)}, expected a program that accepts`;
  // All failures of the resolver mean the same, and not every runtime has the same codes for them.
  const unresolved = text(cause, 'syscall') === 'getaddrinfo';
  const code = unresolved ? 'ERR_HOST_UNKNOWN' : codeFor(cause, DIAL);
  return CableCarError.from(cause, code, sentence);
}

/** What the system said when a name was to be resolved, as a CableCarError. */
export function resolveError(host: string, cause: unknown): CableCarError {
  const sentence = `'${host}' has no address${reason(cause)}, expected a host that the system knows`;
  return CableCarError.from(cause, 'ERR_HOST_UNKNOWN', sentence);
}

/** What the system said when an open connection broke, as a CableCarError: lost, whatever the reason was. */
export function connectionError(where: string, cause: unknown): CableCarError {
  const sentence = `the connection to ${where} broke${reason(cause)}, expected it to be closed in order`;
  return CableCarError.from(cause, 'ERR_CONNECTION_LOST', sentence);
}

function codeFor(cause: unknown, codes: Codes): ErrorCode {
  return codes[systemCode(cause) ?? ''] ?? 'ERR_SYSTEM';
}

function reason(cause: unknown): string {
  return ` (${systemCode(cause) ?? (cause instanceof Error ? cause.message : String(cause))})`;
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
