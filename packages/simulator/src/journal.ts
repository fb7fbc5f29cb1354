import type { Endpoint, Millis } from '@cablecar/core-protocol';
import { formatEndpoint } from '@cablecar/core-protocol';
import { Digest } from './digest.ts';
import { hashBytes, hashText } from './prng.ts';

/** Everything that a {@link WorldEvent} can be about. */
export const EVENT_KINDS = [
  'datagram:sent',
  'datagram:heard',
  'datagram:lost',
  'dial',
  'dial:failed',
  'connected',
  'accepted',
  'written',
  'chunk',
  'end',
  'close',
  'open',
  'network',
] as const;

/** What a {@link WorldEvent} is about. */
export type WorldEventKind = (typeof EVENT_KINDS)[number];

/** What belongs to some events and not to others. */
export interface WorldEventDetails {
  /** Which connection, named after the program that dialled it. */
  readonly connection?: string | undefined;
  readonly from?: Endpoint | undefined;
  readonly to?: Endpoint | undefined;
  /** What was sent or read; not to be changed. */
  readonly bytes?: Uint8Array | undefined;
  /** Why, or what exactly. */
  readonly detail?: string | undefined;
}

/** Something that happened at the level of the network. */
export interface WorldEvent extends WorldEventDetails {
  /** Milliseconds since the world began. */
  readonly at: Millis;
  readonly kind: WorldEventKind;
  /** Where it happened: a program (`ada`, `ada/editor`, `ada(2)` in its second life), or `world`. */
  readonly where: string;
}

/** Called for every event of the world, at the moment it happens; what it throws is thrown by `world.run()`. */
export type Observer = (event: WorldEvent) => void;

/** Who observes, and what. */
interface Observation {
  readonly observer: Observer;
  readonly kinds: ReadonlySet<WorldEventKind>;
}

/** How many lines a transcript keeps; its hash covers those before them as well. */
const MAX_LINES = 100_000;

/** Tells observers what happens and keeps the transcript. */
export class Journal {
  readonly #recording: boolean;
  readonly #observers = new Set<Observation>();
  /** What somebody wants to know of, so that nobody makes events for nothing. */
  readonly #wanted = new Set<WorldEventKind>();
  readonly #digest = new Digest();
  #lines: string[] = [];
  #thrown: { readonly error: unknown } | undefined;

  constructor(recording: boolean) {
    this.#recording = recording;
  }

  /** The transcript: one line an event, oldest first; the last 50,000 to 100,000. */
  get lines(): readonly string[] {
    return this.#lines;
  }

  /** A hash over every line there has been. */
  get hash(): string {
    return this.#digest.hex();
  }

  /** Whether anybody wants to know of events of this kind. */
  wants(kind: WorldEventKind): boolean {
    return this.#recording || this.#wanted.has(kind);
  }

  /** Adds an observer of events of some kinds; what is returned removes it. */
  observe(observer: Observer, kinds: readonly WorldEventKind[]): () => void {
    const observation: Observation = { observer, kinds: new Set(kinds) };
    this.#observers.add(observation);
    for (const kind of kinds) this.#wanted.add(kind);
    return () => {
      this.#observers.delete(observation);
      this.#wanted.clear();
      for (const { kinds: left } of this.#observers)
        for (const kind of left) this.#wanted.add(kind);
    };
  }

  tell(head: WorldEventHead, details: WorldEventDetails): void {
    if (this.#recording) this.#record(formatEvent(head, details));
    if (!this.#wanted.has(head.kind)) return;
    const event: WorldEvent = { ...head, ...details };
    for (const { observer, kinds } of this.#observers) {
      if (!kinds.has(head.kind)) continue;
      try {
        observer(event);
      } catch (error) {
        this.#thrown ??= { error };
      }
    }
  }

  /** Throws what an observer threw, once; so it reaches whoever runs the world and not the program under observation. */
  rethrow(): void {
    const thrown = this.#thrown;
    this.#thrown = undefined;
    if (thrown) throw thrown.error;
  }

  #record(line: string): void {
    this.#digest.word(hashText(line));
    if (this.#lines.push(line) >= MAX_LINES) this.#lines = this.#lines.slice(MAX_LINES / 2);
  }
}

type WorldEventHead = Omit<WorldEvent, keyof WorldEventDetails>;

/** One line of a transcript: `     12.375 ada        chunk ada#1 48 B #9a0f31c2`. */
function formatEvent({ at, where, kind }: WorldEventHead, details: WorldEventDetails): string {
  const { connection, from, to, bytes, detail } = details;
  let line = `${at.toFixed(3).padStart(11)} ${where.padEnd(10)} ${kind}`;
  if (connection !== undefined) line += ` ${connection}`;
  if (from) line += ` ${formatEndpoint(from)}`;
  if (to) line += ` → ${formatEndpoint(to)}`;
  if (bytes) line += ` ${bytes.length} B #${hashBytes(bytes).toString(16).padStart(8, '0')}`;
  if (detail !== undefined) line += ` ${detail}`;
  return line;
}
