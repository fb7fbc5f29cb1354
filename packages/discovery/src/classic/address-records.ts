import type { Millis } from '@cablecar/core-protocol';
import type { Address, AddressState } from './search-types.ts';

/** Addresses that are remembered beside those that have a link. */
const MAX_STRANGERS = 1024;
/** After so long a silence an address without a link is forgotten. */
const FORGET_MS = 15_000;

/** What is known of one address. */
export interface AddressRecord {
  readonly address: Address;
  state: AddressState;
  heardAt: Millis;
  nudgedAt: Millis;
  /** Dials that came to nothing since the last link. */
  failures: number;
}

/** A record with a link, even if nobody has seen it yet. */
export type LinkedRecord = AddressRecord & {
  state: Extract<AddressState, { kind: 'linked' | 'crossing' | 'settling' }>;
};

/** The addresses that something is known of. Bounded: the stranger who was silent longest makes room. */
export class AddressRecords {
  readonly #records = new Map<Address, AddressRecord>();

  [Symbol.iterator](): Iterator<AddressRecord> {
    return this.#records.values();
  }

  get(address: Address): AddressRecord | undefined {
    return this.#records.get(address);
  }

  /** Those that have a link. */
  get linked(): readonly LinkedRecord[] {
    return [...this].filter(isLinked);
  }

  /** Adds an address that was just heard, or came. */
  add(address: Address, now: Millis): AddressRecord {
    const state = { kind: 'heard', since: now } as const;
    const record = { address, state, heardAt: now, nudgedAt: now, failures: 0 };
    this.#records.set(address, record);
    this.#makeRoom();
    return record;
  }

  delete({ address }: AddressRecord): void {
    this.#records.delete(address);
  }

  /** Forgets whoever was silent for long. */
  expire(now: Millis): void {
    for (const record of this) {
      if (isWaiting(record) && now - record.heardAt >= FORGET_MS) this.delete(record);
    }
  }

  #makeRoom(): void {
    if (this.#records.size <= MAX_STRANGERS) return;
    const strangers = [...this].filter((record) => !isLinked(record));
    if (strangers.length <= MAX_STRANGERS) return;
    const [silent] = strangers.filter(isWaiting).sort((one, other) => one.heardAt - other.heardAt);
    if (silent !== undefined) this.delete(silent);
  }
}

/** Whether there is a link with this address. */
export function isLinked(record: AddressRecord): record is LinkedRecord {
  return 'link' in record.state;
}

function isWaiting(record: AddressRecord): boolean {
  return record.state.kind !== 'dialling' && !isLinked(record);
}
