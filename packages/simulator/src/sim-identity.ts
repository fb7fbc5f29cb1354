import {
  CableCarError,
  type Connection,
  type Identity,
  type PeerId,
  type PrivateFile,
  type Random,
  type Role,
  type SecureConnection,
} from '@cablecar/core-protocol';
import { SimConnection } from './sim-connection.ts';
import { SimSecureConnection } from './sim-secure-connection.ts';

/** An identity without a key: only a connection's own end can show it, so that nobody else has it. */
export function simIdentity(id: PeerId): Identity {
  return {
    id,
    secure(connection: Connection, role: Role): SecureConnection {
      if (connection instanceof SimConnection) return new SimSecureConnection(connection, id, role);
      const sentence = 'the connection is of another make, expected one of the same world';
      throw new CableCarError('ERR_OPTION', sentence);
    },
  };
}

/** The identity kept in a file, or a new one. */
export function identify(random: Random, file?: PrivateFile): Identity {
  const kept = file?.read();
  if (kept !== undefined) return simIdentity(kept);
  const id = Buffer.from(random.bytes(16)).toString('hex');
  file?.write(id);
  return simIdentity(id);
}
