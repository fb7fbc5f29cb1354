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

/**
 * The one emitter: eventemitter3 at run time, typed by typed-emitter.
 * It never emits `'error'`: unheard, that would be for the user to crash on.
 */
export class Emitter<Events extends EventMap> extends Base<Events> {
  /** Adds a listener. */
  override on<Name extends keyof Events>(event: Name, listener: Events[Name]): this {
    this.willListen(event);
    return super.on(event, listener);
  }

  /** Adds a listener that is called once. */
  override once<Name extends keyof Events>(event: Name, listener: Events[Name]): this {
    this.willListen(event);
    return super.once(event, listener);
  }

  /** The same as `on()`. */
  override addListener<Name extends keyof Events>(event: Name, listener: Events[Name]): this {
    return this.on(event, listener);
  }

  /**
   * Called before a listener is added; a subclass may throw to refuse it.
   * @internal
   */
  protected willListen(_event: keyof Events): void {}

  /**
   * Calls every listener, also when one of them throws.
   * A listener that threw, or whose promise rejected, goes to {@link listenerThrew} and disturbs nobody else.
   * @internal
   */
  protected deliver<Name extends keyof Events>(
    event: Name,
    ...values: Parameters<Events[Name]>
  ): boolean {
    const self = this as unknown as EventEmitter;
    const name = event as string;
    const listeners = self.listeners(name);
    // Before any is called: a listener may deliver the same event again.
    for (const listener of listeners) {
      self.removeListener(name, listener, undefined, true); // true: only if it was added by once()
    }
    for (const listener of listeners) {
      try {
        const result: unknown = listener.apply(this, values);
        if (result instanceof Promise) {
          result.catch((thrown: unknown) => this.listenerThrew(name, thrown));
        }
      } catch (thrown) {
        this.listenerThrew(name, thrown);
      }
    }
    return listeners.length > 0;
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
