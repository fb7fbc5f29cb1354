import type {
  CableCarError,
  ClassicWire,
  Connection,
  PeerId,
  Transport,
} from '@cablecar/core-protocol';
import { displacedError } from '../link/lost-link-errors.ts';
import type { SearchListener } from '../search.ts';
import { ClassicLink } from './classic-link.ts';
import { MergedConnection } from './merged-connection.ts';
import type { Side } from './merge-types.ts';
import { isLarger } from './neighbourhood.ts';
import type { Address, LinkId } from './search-types.ts';

/** What the links of a search have in common, and whom they tell. */
export interface ClassicLinksOptions {
  readonly transport: Transport;
  readonly wire: ClassicWire;
  readonly maxMessageBytes: number;
  readonly listener: SearchListener;
  readonly onWarning: (error: CableCarError) => void;
  /** A link closed; `parted` when this program had ended it. */
  readonly onClosed: (address: Address, link: LinkId, parted: boolean) => void;
}

/** What a link begins with. */
export interface Beginning {
  readonly address: Address;
  readonly link: LinkId;
  readonly connection: Connection;
  readonly side: Side;
  readonly isCrossing: boolean;
}

/** A link, seen or not. */
interface Made {
  readonly link: ClassicLink;
  readonly connection: MergedConnection;
  closed: { readonly error: CableCarError | undefined } | undefined;
}

/** The links of a classic search, one an address: those that everybody sees, and those that may come to nothing yet. */
export class ClassicLinks {
  /** Those that are seen. */
  readonly seen: Map<PeerId, ClassicLink> = new Map();
  readonly #options: ClassicLinksOptions;
  readonly #made = new Map<Address, Made>();

  constructor(options: ClassicLinksOptions) {
    this.#options = options;
  }

  /** Makes a link of a connection; nobody sees it yet. */
  make({ address, link: id, connection: first, side, isCrossing }: Beginning): void {
    const { transport, listener, onClosed, ...shared } = this.#options;
    const { clock, random } = transport;
    const guess = isLarger(first.local.host, address) ? 'ours' : 'theirs';
    const beginning = { connection: first, first: side, isCrossing, guess, clock } as const;
    const connection = new MergedConnection({ ...shared, ...beginning });
    const link = new ClassicLink({
      connection,
      clock,
      random,
      dialledBy: side === 'ours' ? 'us' : 'them',
      via: 'broadcast',
      onClosed: (parted, error) => {
        made.closed = { error };
        onClosed(address, id, parted);
      },
      onRenamed: (renamed) => listener.onUpdate(renamed),
    });
    const made: Made = { link, connection, closed: undefined };
    this.#made.set(address, made);
  }

  show(address: Address): void {
    const { link } = this.#made.get(address) as Made;
    this.seen.set(address, link);
    this.#options.listener.onLink(link);
  }

  /** Gives a link its second connection. */
  join(address: Address, side: Side, connection: Connection): void {
    (this.#made.get(address) as Made).connection.join(side, connection);
  }

  /** Drops a link, which may be closed already. */
  lose(address: Address): void {
    const { link, closed } = this.#made.get(address) as Made;
    const isSeen = this.seen.delete(address);
    this.#made.delete(address);
    const error = closed === undefined ? displacedError() : closed.error;
    if (closed === undefined && error !== undefined) link.displace(error);
    if (isSeen) this.#options.listener.onLost({ link, error });
  }
}
