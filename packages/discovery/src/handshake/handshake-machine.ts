import {
  ByteWriter,
  CableCarError,
  decodeGreeting,
  decodeRejection,
  encodeGreeting,
  encodeRejection,
  formatEndpoint,
  FRAME,
  FrameDecoder,
  MAX_GREETING_BYTES,
  writeFrame,
  type Greeting,
  type Machine,
  type Millis,
  type RejectionCode,
  type Wake,
} from '@cablecar/core-protocol';
import { greetingFault, rejectionReason, type OwnSide } from './handshake-faults.ts';
import type { HandshakeState } from './handshake-transitions.ts';
import type { HandshakeInput, HandshakeOutput, HandshakeRole } from './handshake-types.ts';

const NOTHING = new Uint8Array();
/** How long the other end may take to read a REJECT before the connection goes. */
const LINGER_MS = 500;

/** What the rules of a handshake are set to. */
export interface HandshakeSettings extends OwnSide {
  readonly role: HandshakeRole;
  /** When it must be complete. */
  readonly deadline: Millis;
}

/**
 * The handshake on one connection: HELLO, then WELCOME or REJECT, then READY. What is to be answered is decided
 * elsewhere; here is what holds on every connection: order, size, time, version and service.
 * @see docs/protocol.md §3
 */
export class HandshakeMachine implements Machine<HandshakeInput, HandshakeOutput> {
  readonly #settings: HandshakeSettings;
  readonly #decoder = new FrameDecoder(MAX_GREETING_BYTES);
  #state: HandshakeState;
  #deadline: Millis;
  /** What came behind the WELCOME and belongs to the link. */
  #rest: Uint8Array = NOTHING;
  #isSilent = true;
  #outputs: HandshakeOutput[] = [];

  constructor(settings: HandshakeSettings) {
    this.#settings = settings;
    this.#state = settings.role === 'dialler' ? 'connected' : 'accepted';
    this.#deadline = settings.deadline;
  }

  get #who(): string {
    return formatEndpoint(this.#settings.remote);
  }

  get state(): HandshakeState {
    return this.#state;
  }

  handle(input: HandshakeInput | Wake, now: Millis): readonly HandshakeOutput[] {
    this.#outputs = [];
    if (!this.#isDecided()) this.#step(input, now);
    return this.#outputs;
  }

  nextDeadline(): Millis | undefined {
    return this.#isDecided() ? undefined : this.#deadline;
  }

  #isDecided(): boolean {
    return this.#state === 'linked' || this.#state === 'over';
  }

  #step(input: HandshakeInput | Wake, now: Millis): void {
    switch (input.kind) {
      case 'greet':
        return this.#greet(input.greeting);
      case 'confirm':
        return this.#confirm();
      case 'welcome':
        return this.#welcome(input.greeting);
      case 'refuse':
        return this.#refuse(input.code, now);
      case 'chunk':
        return this.#read(input.bytes, now);
      case 'ended':
        return this.#left('closed the connection', undefined);
      case 'closed':
        return this.#left('was cut off', input.error);
      case 'wake':
        if (now >= this.#deadline) this.#expire();
        return;
      default:
        return input satisfies never;
    }
  }

  #greet(greeting: Greeting): void {
    if (this.#state !== 'connected') return;
    this.#write(FRAME.HELLO, encodeGreeting(greeting));
    this.#state = 'greeted';
  }

  #confirm(): void {
    if (this.#state !== 'welcomed') return;
    this.#write(FRAME.READY, NOTHING);
    this.#link(this.#rest);
  }

  #welcome(greeting: Greeting): void {
    if (this.#state !== 'offered') return;
    this.#write(FRAME.WELCOME, encodeGreeting(greeting));
    this.#state = 'welcoming';
  }

  #refuse(code: RejectionCode, now: Millis): void {
    if (this.#state === 'offered') this.#reject(code, now);
    else if (this.#state !== 'refusing') this.#drop();
  }

  #read(bytes: Uint8Array, now: Millis): void {
    this.#isSilent = false;
    if (this.#state === 'refusing') return;
    if (this.#state === 'welcomed') return this.#keep(bytes);
    if (this.#state === 'connected' || this.#state === 'offered') {
      return this.#fail('spoke out of turn', 'it to wait for an answer');
    }
    this.#decoder.push(bytes);
    if (this.#decoder.next()) {
      const { type, start, end } = this.#decoder;
      this.#take(type, this.#decoder.bytes.subarray(start, end), now);
    } else if (this.#decoder.error !== undefined) {
      this.#fail('sent bytes that are no handshake', 'a greeting', this.#decoder.error);
    }
  }

  #take(type: number, payload: Uint8Array, now: Millis): void {
    const { state } = this;
    if (state === 'accepted' && type === FRAME.HELLO) return this.#takeHello(payload, now);
    if (state === 'greeted' && type === FRAME.WELCOME) return this.#takeWelcome(payload);
    if (state === 'greeted' && type === FRAME.REJECT) return this.#takeReject(payload);
    if (state === 'welcoming' && type === FRAME.READY) return this.#link(this.#decoder.takeRest());
    this.#fail(`sent a frame of type ${type}`, 'the next step of the handshake');
  }

  #takeHello(payload: Uint8Array, now: Millis): void {
    const greeting = decodeGreeting(payload);
    const fault = greetingFault(greeting, this.#settings);
    if (this.#decoder.bufferedBytes > 0) {
      this.#fail('spoke out of turn', 'it to wait for an answer');
    } else if (fault === undefined) {
      this.#tellGreeting('offered', greeting as Greeting);
    } else if (fault.code === 'ERR_HANDSHAKE') {
      this.#end(fault); // who does not speak the protocol would not understand a REJECT either
    } else {
      this.#outputs.push({ kind: 'event', event: { kind: 'failed', error: fault } });
      this.#reject(fault.code as RejectionCode, now);
    }
  }

  #takeWelcome(payload: Uint8Array): void {
    const greeting = decodeGreeting(payload);
    const fault = greetingFault(greeting, this.#settings);
    if (fault !== undefined) return this.#end(fault);
    this.#rest = this.#decoder.takeRest();
    this.#tellGreeting('welcomed', greeting as Greeting);
  }

  #takeReject(payload: Uint8Array): void {
    const { code, reason } = decodeRejection(payload);
    const sentence = `${this.#who} turned the connection away (${reason}), expected a welcome`;
    this.#end(new CableCarError(code, sentence));
  }

  #tellGreeting(state: HandshakeState, greeting: Greeting): void {
    this.#state = state;
    this.#outputs.push({ kind: 'event', event: { kind: 'greeted', greeting } });
  }

  /** What came behind the WELCOME while our READY has not gone. */
  #keep(bytes: Uint8Array): void {
    this.#rest = Buffer.concat([this.#rest, bytes]);
    if (this.#rest.length > MAX_GREETING_BYTES) this.#fail('sent much', 'it to wait for READY');
  }

  #link(rest: Uint8Array): void {
    this.#state = 'linked';
    this.#outputs.push({ kind: 'event', event: { kind: 'linked', rest } });
  }

  #expire(): void {
    if (this.#state === 'refusing') return this.#drop();
    // A HELLO that is not answered yet is our own delay.
    if (this.#state === 'offered') return this.#end(undefined);
    const sentence = `${this.#who} was silent in a handshake, expected it to be complete by now`;
    this.#end(new CableCarError('ERR_HANDSHAKE_TIMEOUT', sentence));
  }

  /** The other end went. A visitor who never said a word is nobody's trouble. */
  #left(how: string, cause: CableCarError | undefined): void {
    if (this.#state === 'refusing') this.#drop();
    else if (this.#state === 'accepted' && this.#isSilent) this.#end(undefined);
    else this.#fail(`${how} in a handshake`, 'it to complete', cause);
  }

  #fail(did: string, expected: string, cause?: CableCarError): void {
    const sentence = `${this.#who} ${did}, expected ${expected}`;
    this.#end(new CableCarError('ERR_HANDSHAKE', sentence, cause === undefined ? {} : { cause }));
  }

  #end(error: CableCarError | undefined): void {
    this.#outputs.push({ kind: 'event', event: { kind: 'failed', error } });
    this.#drop();
  }

  #drop(): void {
    this.#state = 'over';
    this.#outputs.push({ kind: 'destroy' }, { kind: 'event', event: { kind: 'over' } });
  }

  #reject(code: RejectionCode, now: Millis): void {
    const reason = rejectionReason(code, this.#settings);
    this.#write(FRAME.REJECT, encodeRejection({ code, reason }));
    this.#outputs.push({ kind: 'end' });
    this.#state = 'refusing';
    this.#deadline = now + LINGER_MS;
  }

  #write(type: number, payload: Uint8Array): void {
    const writer = new ByteWriter(payload.length + 8);
    writeFrame(writer, type, payload);
    this.#outputs.push({ kind: 'write', bytes: writer.copyItem() });
  }
}
