import type { ConnectionSettings } from '../ports/connection.ts';

/**
 * How connections are kept on the classic wires, which have no heartbeat and no goodbye of their own: only TCP's
 * keepalive finds that a host has vanished. A program on Python's cable_car overlooks every end but a reset, and never
 * finishes because the other end has.
 * @see docs/protocol.md §9.4
 */
export const CLASSIC_CONNECTION: ConnectionSettings = {
  keepAliveMs: 5_000,
  destroyAs: 'reset',
  endTimeoutMs: 500,
};
