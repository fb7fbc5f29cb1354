import { byteMessage, type LayoutMessageBase } from '@cablecar/core-protocol';

const EchoBase: LayoutMessageBase<0x10, { bytes: Uint8Array }> = byteMessage(0x10, {
  bytes: 'bytes',
});
const LoadBase: LayoutMessageBase<0x11, { bytes: Uint8Array }> = byteMessage(0x11, {
  bytes: 'bytes',
});

/** Comes back at once. */
export class BenchEcho extends EchoBase {}

/** Is received and forgotten. */
export class BenchLoad extends LoadBase {}
