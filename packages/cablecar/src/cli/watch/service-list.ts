import { serviceHash, type PeerId } from '@cablecar/core-protocol';
import { beaconOrigin, DOCTOR_SERVICE } from '../../doctor/beacon-origin.ts';

/** A service as `watch` shows it. */
export interface ServiceRow {
  /** Its name where that is known; only a hash of it travels in beacons. */
  readonly name: string;
  readonly programs: number;
  readonly hosts: readonly string[];
}

/** A program that was silent for so long is gone. */
const SILENCE_MS = 10_000;
const MAX_PROGRAMS = 1024;
const KNOWN = ['default', DOCTOR_SERVICE, 'cablecar-bench'];

interface Heard {
  readonly service: string;
  readonly host: string;
  at: number;
}

/** Which services there are on the network, by the beacons of their programs. */
export class ServiceList {
  readonly #service: string;
  readonly #ownId: PeerId;
  readonly #names: ReadonlyMap<string, string>;
  readonly #programs = new Map<string, Heard>();

  /** `service` is the one whose name is known, beside those of the command itself; its own beacons do not count. */
  constructor({ service, ownId }: { readonly service: string; readonly ownId: PeerId }) {
    this.#ownId = ownId;
    this.#service = service;
    this.#names = new Map([...KNOWN, service].map((name) => [serviceHash(name), name]));
  }

  /** Hears a datagram; answers with the service if it was not known before. */
  hear(bytes: Uint8Array, host: string, now: number): string | undefined {
    const origin = beaconOrigin(bytes, this.#service);
    if (origin === undefined || !('beacon' in origin)) return undefined;
    const { id, kind, serviceHash: hash } = origin.beacon;
    if (id === this.#ownId) return undefined;
    const service = this.#names.get(hash) ?? `#${hash}`;
    if (kind === 'goodbye') return void this.#programs.delete(id);
    const isNew = !this.rows(now).some(({ name }) => name === service);
    if (!this.#programs.has(id) && this.#programs.size >= MAX_PROGRAMS) return undefined;
    this.#programs.set(id, { service, host, at: now });
    return isNew ? service : undefined;
  }

  /** The services that are there now, by name. */
  rows(now: number): ServiceRow[] {
    const services = new Map<string, Heard[]>();
    for (const [id, program] of this.#programs) {
      if (now - program.at > SILENCE_MS) this.#programs.delete(id);
      else services.set(program.service, [...(services.get(program.service) ?? []), program]);
    }
    return [...services]
      .map(([name, programs]) => ({
        name,
        programs: programs.length,
        hosts: [...new Set(programs.map(({ host }) => host))].sort(),
      }))
      .sort((one, other) => (one.name < other.name ? -1 : 1));
  }
}
