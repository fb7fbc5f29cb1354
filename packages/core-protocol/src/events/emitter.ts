import { EventEmitter } from 'eventemitter3';
import type * as TypedEmitter from 'typed-emitter';
import { CableCarError } from '../errors/cablecar-error.ts';

/** Names and listeners of an emitter: every listener takes one argument or none. Must be a `type`, not an `interface`. */
export type EventMap = TypedEmitter.EventMap;

// typed-emitter promises all of Node's methods; eventemitter3 has these.
type Methods =
  | 'on'
  | 'once'
  | 'off'
  | 'addListener'
  | 'removeListener'
  | 'removeAllListeners'
  | 'emit'
  | 'eventNames'
  | 'listeners'
  | 'listenerCount';

type Typed<Events extends EventMap> = Pick<TypedEmitter.default<Events>, Methods>;

const Base: new <Events extends EventMap>() => Typed<Events> = EventEmitter as unknown as new <
  Events extends EventMap,
>() => Typed<Events>;

/**
 * The one emitter: eventemitter3 at run time, typed by typed-emitter.
 * It never emits `'error'`: unheard, that would be for the user to crash on.
 */
export class Emitter<Events extends EventMap> extends Base<Events> {
  /**
   * Calls every listener, also when one of them throws.
   * A listener that threw goes to {@link listenerThrew} and disturbs nobody else.
   * @internal
   */
  protected deliver<Name extends keyof Events>(
    event: Name,
    ...values: Parameters<Events[Name]>
  ): boolean {
    const self = this as unknown as EventEmitter;
    const name = event as string;
    const listeners = self.listeners(name);
    for (const listener of listeners) {
      self.removeListener(name, listener, undefined, true); // true: only if it was added by once()
      try {
        listener.apply(this, values);
      } catch (thrown) {
        this.listenerThrew(name, thrown);
      }
    }
    return listeners.length > 0;
  }

  /**
   * A throwing listener becomes a `'warning'` where somebody listens to warnings, else an uncaught exception
   * outside of the delivery: the program's own defect, told where programs look for them.
   * @internal
   */
  protected listenerThrew(event: string, thrown: unknown): void {
    const self = this as unknown as EventEmitter;
    if (event !== 'warning' && self.listenerCount('warning') > 0) {
      const sentence = `a listener of '${event}' threw, expected it to return`;
      this.deliver(
        'warning' as keyof Events,
        ...([
          new CableCarError('ERR_LISTENER', sentence, { cause: thrown }),
        ] as unknown as Parameters<Events[keyof Events]>),
      );
      return;
    }
    queueMicrotask(() => {
      throw thrown;
    });
  }
}
