import type { SecureContext, TLSSocket } from 'node:tls';
import type { Role, SecurePeer } from '@cablecar/core-protocol';
import { keyId, spkiOf } from './key-id.ts';

const EXPORTER = { bytes: 32, label: 'EXPORTER-cablecar-1' };

/** What one end of TLS is set to. */
export interface TlsEnd {
  readonly role: Role;
  /** Our public key. */
  readonly spki: Uint8Array;
  readonly context: SecureContext;
}

/** Who is at the other end, once it has shown to hold a key; undefined where it has not, or one of another kind. */
export function peerAt(socket: TLSSocket, { role, spki: own }: TlsEnd): SecurePeer | undefined {
  const key = socket.getPeerX509Certificate()?.publicKey;
  if (key?.asymmetricKeyType !== 'ed25519') return undefined;
  const spki = spkiOf(key);
  const keys = Buffer.concat(role === 'dialler' ? [own, spki] : [spki, own]);
  return { id: keyId(spki), bindings: [...withExporter(socket, keys), keys] };
}

/** The keys together with what only the two ends of this very connection know. Not every runtime can tell it. */
function withExporter(socket: TLSSocket, keys: Buffer): Uint8Array[] {
  try {
    const { bytes, label } = EXPORTER;
    return [Buffer.concat([keys, socket.exportKeyingMaterial(bytes, label, Buffer.alloc(0))])];
  } catch {
    return [];
  }
}
