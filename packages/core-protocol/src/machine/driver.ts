import type { Clock, Timer } from '../ports/clock.ts';
import type { EventOutput, Machine, Wake } from './machine.ts';

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
  #running = false;
  #stopped = false;
  #timer: Timer | undefined;
  #deadline: number | undefined;

  constructor(options: DriverOptions<Input, Action, Event>) {
    this.#options = options;
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

  #arm(): void {
    const { machine, clock } = this.#options;
    const deadline = this.#stopped ? undefined : machine.nextDeadline();
    if (deadline === this.#deadline && (this.#timer !== undefined || deadline === undefined))
      return;
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#deadline = deadline;
    if (deadline === undefined) return;
    this.#timer = clock.setTimer(Math.max(0, Math.ceil(deadline - clock.now())), () => {
      this.#timer = undefined;
      this.feed({ kind: 'wake' });
    });
  }
}
