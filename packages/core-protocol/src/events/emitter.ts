import { EventEmitter } from 'eventemitter3';
import type * as TypedEmitter from 'typed-emitter';
import { CableCarError } from '../errors/cablecar-error.ts';

/** Names and listeners of an emitter: every listener takes one argument or none. Must be a `type`, not an `interface`. */
export type EventMap = TypedEmitter.EventMap;

/**
 * typed-emitter promises all of Node's methods; eventemitter3 has these. Those that return the emitter are spelled out
 * because Pick<> would make of `this` an emitter that has all the others again.
 */
interface Typed<Events extends EventMap> extends Pick<
  TypedEmitter.default<Events>,
  'emit' | 'eventNames' | 'listeners' | 'listenerCount'
> {
  on<Name extends keyof Events>(event: Name, listener: Events[Name]): this;
  once<Name extends keyof Events>(event: Name, listener: Events[Name]): this;
  off<Name extends keyof Events>(event: Name, listener: Events[Name]): this;
  addListener<Name extends keyof Events>(event: Name, listener: Events[Name]): this;
  removeListener<Name extends keyof Events>(event: Name, listener: Events[Name]): this;
  removeAllListeners(event?: keyof Events): this;
}

const Base: new <Events extends EventMap>() => Typed<Events> = EventEmitter as unknown as new <
  Events extends EventMap,
>() => Typed<Events>;

type Listener = (this: unknown, value: unknown) => unknown;

/** Removes a listener only if it was added by once(): what eventemitter3 takes for that. */
const ONLY_ONCE: readonly [undefined, true] = [undefined, true];

/**
 * The one emitter: eventemitter3 at run time, typed by typed-emitter.
 * It never emits `'error'`: unheard, that would be for the user to crash on.
 */
export class Emitter<Events extends EventMap> extends Base<Events> {
  /** The listeners by event, as they are now: nobody changes such a list, a change makes another. */
  readonly #listeners = new Map<keyof Events, readonly Listener[]>();
  /** Events of which some listeners are to be called once. */
  readonly #once = new Set<keyof Events>();

  /** Adds a listener. */
  override on<Name extends keyof Events>(event: Name, listener: Events[Name]): this {
    this.willListen(event);
    super.on(event, listener);
    return this.#changed(event);
  }

  /** Adds a listener that is called once. */
  override once<Name extends keyof Events>(event: Name, listener: Events[Name]): this {
    this.willListen(event);
    super.once(event, listener);
    this.#once.add(event);
    return this.#changed(event);
  }

  /** The same as `on()`. */
  override addListener<Name extends keyof Events>(event: Name, listener: Events[Name]): this {
    return this.on(event, listener);
  }

  /** Takes a listener off. */
  override removeListener<Name extends keyof Events>(
    event: Name,
    listener: Events[Name],
    ...only: readonly unknown[]
  ): this {
    (super.removeListener as (...values: unknown[]) => this)(event, listener, ...only);
    return this.#changed(event);
  }

  /** The same as `removeListener()`. */
  override off<Name extends keyof Events>(event: Name, listener: Events[Name]): this {
    return this.removeListener(event, listener);
  }

  /** Takes all listeners off, of one event or of all. */
  override removeAllListeners(event?: keyof Events): this {
    const events = event === undefined ? [...this.#listeners.keys()] : [event];
    super.removeAllListeners(event);
    for (const one of events) this.#changed(one);
    return this;
  }

  /**
   * Called before a listener is added; a subclass may throw to refuse it.
   * @internal
   */
  protected willListen(_event: keyof Events): void {}

  /**
   * Called when the listeners of an event have changed.
   * @internal
   */
  protected listenersChanged(_event: keyof Events): void {}

  /**
   * Calls every listener, also when one of them throws.
   * A listener that threw, or whose promise rejected, goes to {@link listenerThrew} and disturbs nobody else.
   * @internal
   */
  protected deliver<Name extends keyof Events>(
    event: Name,
    ...[value]: Parameters<Events[Name]>
  ): boolean {
    const listeners = this.#listeners.get(event);
    if (listeners === undefined || listeners.length === 0) return false;
    if (this.#once.size > 0 && this.#once.delete(event)) this.#takeOff(event, listeners);
    for (const listener of listeners) {
      try {
        const result = listener.call(this, value);
        if (result !== undefined && result instanceof Promise) {
          result.catch((thrown: unknown) => this.listenerThrew(event as string, thrown));
        }
      } catch (thrown) {
        this.listenerThrew(event as string, thrown);
      }
    }
    return true;
  }

  /** Takes off who is called once; before anybody is called, since a listener may deliver the same event again. */
  #takeOff(event: keyof Events, listeners: readonly Listener[]): void {
    for (const listener of listeners) {
      this.removeListener(event, listener as unknown as Events[keyof Events], ...ONLY_ONCE);
    }
  }

  #changed(event: keyof Events): this {
    this.#listeners.set(event, this.listeners(event));
    this.listenersChanged(event);
    return this;
  }

  /**
   * A throwing listener becomes a `'warning'` where somebody listens to warnings, else an uncaught exception
   * outside of the delivery: the program's own defect, told where programs look for them. A loss that a listener
   * passed on, such as from `for await` in an async listener, ends nobody.
   * @internal
   */
  protected listenerThrew(event: string, thrown: unknown): void {
    const self = this as unknown as EventEmitter;
    if (event !== 'warning' && self.listenerCount('warning') > 0) {
      const warned = this as unknown as Emitter<{ warning: (error: CableCarError) => void }>;
      const sentence = `a listener of '${event}' threw, expected it to return`;
      warned.deliver('warning', new CableCarError('ERR_LISTENER', sentence, { cause: thrown }));
      return;
    }
    // What the network did is told by other events as well, and must not end the program.
    if (CableCarError.is(thrown) && thrown.origin !== 'local') return;
    queueMicrotask(() => {
      throw thrown;
    });
  }
}
