/** How a messenger is closed. */
export interface CloseOptions {
  /** How long to wait for the peer to receive what was sent, in milliseconds. @default the messenger's `flushTimeoutMs` */
  readonly flushTimeoutMs?: number;
  /** What the peer is told, at most 123 bytes of UTF-8. */
  readonly reason?: string;
}
