import { CableCarError, type PrivateFile } from '@cablecar/core-protocol';
import { isAddress } from './is-address.ts';

const MAX_HOSTS = 64;

/**
 * The hosts of peers that were met, latest first, kept in a file: a JSON list. Whoever is there now is a matter of the
 * handshake. A file that cannot be used is told of, and costs nothing but the memory.
 */
export class RememberedHosts {
  readonly #file: PrivateFile;
  readonly #onWarning: (error: CableCarError) => void;
  #hosts: readonly string[] | undefined;

  constructor(file: PrivateFile, onWarning: (error: CableCarError) => void) {
    this.#file = file;
    this.#onWarning = onWarning;
  }

  /** Reads the file when first asked. */
  get hosts(): readonly string[] {
    this.#hosts ??= this.#read();
    return this.#hosts;
  }

  /** Remembers a host, in the place of the one met longest ago where there are many. */
  add(host: string): void {
    const { hosts } = this;
    if (hosts.includes(host)) return;
    this.#hosts = [host, ...hosts].slice(0, MAX_HOSTS);
    try {
      this.#file.write(`${JSON.stringify(this.#hosts, null, 2)}\n`);
    } catch (cause) {
      this.#warn(cause, 'could not be written');
    }
  }

  #read(): readonly string[] {
    try {
      const hosts: unknown = JSON.parse(this.#file.read() ?? '[]');
      if (Array.isArray(hosts) && hosts.every(isHost)) return hosts.slice(0, MAX_HOSTS);
      this.#warn(undefined, 'holds something else');
    } catch (cause) {
      this.#warn(cause, 'could not be read');
    }
    return [];
  }

  #warn(cause: unknown, seen: string): void {
    const sentence = `the file of remembered peers ${seen}, expected a list of addresses`;
    this.#onWarning(CableCarError.from(cause, 'ERR_SYSTEM', sentence));
  }
}

function isHost(host: unknown): host is string {
  return typeof host === 'string' && host.length <= 64 && isAddress(host);
}
