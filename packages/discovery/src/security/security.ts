import type {
  Connection,
  Identity,
  PeerId,
  Role,
  SecureConnection,
  SharedSecret,
  Transport,
} from '@cablecar/core-protocol';
import type { Judge } from './judge.ts';

/** What a program does so that only those it means can talk to it. */
export interface Security {
  /** By which others know this program. */
  readonly id: PeerId;
  /** Whether connections are encrypted, and whoever is at the other end has shown a key. */
  readonly isSecured: boolean;
  /** What only those can show who were given the same secret; once {@link prepare} has resolved, where there is one. */
  readonly secret: SharedSecret | undefined;
  /** Whether who greets is let in. */
  readonly judge: Judge;
  /** Resolves when connections can be made. */
  prepare(): Promise<void>;
  /** What is to be spoken on in place of a new connection. */
  secure(connection: Connection, role: Role): Connection | SecureConnection;
}

/** For debugging: everything in the clear, and everybody is who they say. */
export function plainSecurity({ random }: Pick<Transport, 'random'>): Security {
  return {
    id: Buffer.from(random.bytes(16)).toString('hex'),
    isSecured: false,
    secret: undefined,
    judge: () => true,
    prepare: () => Promise.resolve(),
    secure: (connection) => connection,
  };
}

/** What TLS is set up with. */
export interface TlsSecurityOptions {
  readonly transport: Pick<Transport, 'stretch'>;
  readonly identity: Identity;
  readonly judge: Judge;
  readonly secret: string | undefined;
  /** What keeps apart programs that were given the same secret for different things. */
  readonly service: string;
}

/** Every connection is encrypted, and every id belongs to a key. */
export class TlsSecurity implements Security {
  readonly isSecured = true;
  readonly #options: TlsSecurityOptions;
  #secret: SharedSecret | undefined;

  constructor(options: TlsSecurityOptions) {
    this.#options = options;
  }

  get id(): PeerId {
    return this.#options.identity.id;
  }

  get secret(): SharedSecret | undefined {
    return this.#secret;
  }

  get judge(): Judge {
    return this.#options.judge;
  }

  async prepare(): Promise<void> {
    const { transport, secret, service } = this.#options;
    if (secret !== undefined) this.#secret ??= await transport.stretch(secret, service);
  }

  secure(connection: Connection, role: Role): SecureConnection {
    return this.#options.identity.secure(connection, role);
  }
}
