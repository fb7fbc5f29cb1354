/** The tags of ASN.1 that a certificate is written with. */
const TAG = {
  integer: 0x02,
  bitString: 0x03,
  objectId: 0x06,
  utf8: 0x0c,
  utcTime: 0x17,
  generalTime: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const;

/** One item in the distinguished encoding of ASN.1: tag, length, content. */
export function der(tag: keyof typeof TAG, ...content: readonly (Uint8Array | string)[]): Buffer {
  const body = Buffer.concat(content.map((piece) => Buffer.from(piece)));
  return Buffer.concat([Buffer.from([TAG[tag], ...lengthOf(body)]), body]);
}

/** Below 128 in one byte, else in as many as it takes, behind a byte that counts them. */
function lengthOf({ length }: Buffer): number[] {
  if (length < 0x80) return [length];
  return length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
}
