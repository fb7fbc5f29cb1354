import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
} from 'node:crypto';
import { createSecureContext, type SecureContext } from 'node:tls';
import {
  CableCarError,
  type Connection,
  type Identity,
  type PeerId,
  type Role,
  type SecureConnection,
} from '@cablecar/core-protocol';
import { StreamConnection } from '../stream-connection.ts';
import { selfSignedCertificate } from './certificate.ts';
import { keyId, spkiOf } from './key-id.ts';
import { PrivateTextFile } from './private-text-file.ts';
import { TlsConnection } from './tls-connection.ts';

/** The identity kept at a path, or a new one that is not kept. */
export function identify(path?: string): Identity {
  if (path === undefined) return new NodeIdentity(newKey());
  const file = new PrivateTextFile(path);
  const kept = file.read();
  if (kept !== undefined) return new NodeIdentity(readKey(kept, path));
  const key = newKey();
  file.write(key.export({ type: 'pkcs8', format: 'pem' }) as string);
  return new NodeIdentity(key);
}

/** An Ed25519 key, with the certificate that carries its public half through TLS. */
class NodeIdentity implements Identity {
  readonly id: PeerId;
  readonly #spki: Buffer;
  /** One for all connections: to set it up takes longer than to use it. */
  readonly #context: SecureContext;

  constructor(privateKey: KeyObject) {
    const publicKey = createPublicKey(privateKey);
    this.#spki = spkiOf(publicKey);
    this.id = keyId(this.#spki);
    this.#context = createSecureContext({
      key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
      cert: selfSignedCertificate(publicKey, privateKey),
      minVersion: 'TLSv1.3',
      maxVersion: 'TLSv1.3',
    });
  }

  secure(connection: Connection, role: Role): SecureConnection {
    if (connection instanceof StreamConnection) {
      return new TlsConnection(connection, { role, spki: this.#spki, context: this.#context });
    }
    const sentence = 'the connection is of another make, expected one of the same transport';
    throw new CableCarError('ERR_OPTION', sentence);
  }
}

function newKey(): KeyObject {
  return generateKeyPairSync('ed25519').privateKey;
}

function readKey(pem: string, path: string): KeyObject {
  try {
    const key = createPrivateKey(pem);
    if (key.asymmetricKeyType === 'ed25519') return key;
  } catch {
    // told below
  }
  throw new CableCarError('ERR_IDENTITY_FILE', `${path} holds no Ed25519 key, expected one`);
}
