import type { Clock, Timer } from '../ports/clock.ts';
import type { EventOutput, Machine, Wake } from './machine.ts';
import { SleepWatch } from './sleep-watch.ts';

/** What a driver needs: the rules, the time, and two hands. */
export interface DriverOptions<Input, Action, Event> {
  readonly machine: Machine<Input, Action | EventOutput<Event>>;
  readonly clock: Clock;
  /** Does what the machine asks for. May feed. */
  perform(action: Action): void;
  /** Tells the user. May feed; must not throw. */
  deliver(event: Event): void;
  /** Sees every step, for logs and transcripts. */
  onStep?(input: Input | Wake, outputs: readonly (Action | EventOutput<Event>)[]): void;
}

/**
 * The one loop that runs a machine: inputs one at a time; actions performed in order, at once; the timer re-armed;
 * then events delivered, oldest first, also when a listener causes new inputs.
 */
export class Driver<Input, Action extends { readonly kind: string }, Event> {
  readonly #options: DriverOptions<Input, Action, Event>;
  readonly #inputs: (Input | Wake)[] = [];
  readonly #events: Event[] = [];
  readonly #sleepWatch: SleepWatch;
  #running = false;
  #stopped = false;
  #timer: Timer | undefined;
  /** The deadline that the timer was set for. */
  #firesAt = 0;

  constructor(options: DriverOptions<Input, Action, Event>) {
    this.#options = options;
    this.#sleepWatch = new SleepWatch(options.clock);
  }

  /** Gives the machine an input; when called from a listener or an action, after what is under way. */
  feed(input: Input | Wake): void {
    if (this.#stopped) return;
    this.#inputs.push(input);
    if (this.#running) return;
    this.#running = true;
    try {
      this.#run();
    } finally {
      this.#running = false;
    }
  }

  /** Forgets the timer and takes no more inputs; events already caused are still delivered. */
  stop(): void {
    this.#stopped = true;
    this.#inputs.length = 0;
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #run(): void {
    for (;;) {
      const input = this.#inputs.shift();
      if (input !== undefined) {
        this.#step(input);
        continue;
      }
      this.#arm();
      const event = this.#events.shift();
      if (event === undefined) return;
      this.#options.deliver(event);
    }
  }

  #step(input: Input | Wake): void {
    const { machine, clock } = this.#options;
    const outputs = machine.handle(input, clock.now());
    this.#options.onStep?.(input, outputs);
    for (const output of outputs) {
      if (output.kind === 'event') this.#events.push((output as EventOutput<Event>).event);
      else this.#options.perform(output as Action);
    }
  }

  /** A timer that is set for sooner is left alone: it is cheaper to look again when it fires than to set it at each input. */
  #arm(): void {
    const { machine, clock } = this.#options;
    const deadline = this.#stopped ? undefined : machine.nextDeadline();
    if (deadline !== undefined && this.#timer !== undefined && this.#firesAt <= deadline) return;
    this.#timer?.cancel();
    this.#timer = undefined;
    if (deadline === undefined) return;
    this.#firesAt = deadline;
    this.#timer = clock.setTimer(Math.max(0, Math.ceil(deadline - clock.now())), () => {
      this.#timer = undefined;
      if (this.#running || this.#isDue()) this.#wake();
      else this.#arm();
    });
  }

  #isDue(): boolean {
    const { machine, clock } = this.#options;
    return clock.now() >= (machine.nextDeadline() ?? Infinity);
  }

  #wake(): void {
    this.feed({ kind: 'wake', hasSlept: this.#sleepWatch.hasSlept() });
  }
}
