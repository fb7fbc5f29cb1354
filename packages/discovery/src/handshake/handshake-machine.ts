import {
  CableCarError,
  decodeRejection,
  FRAME,
  FrameDecoder,
  MAX_GREETING_BYTES,
  type Greeting,
  type Machine,
  type Millis,
  type RejectionCode,
  type SecurePeer,
  type Wake,
} from '@cablecar/core-protocol';
import { Credentials, type Demands } from './credentials.ts';
import * as fault from './handshake-faults.ts';
import { HandshakeOutputs } from './handshake-outputs.ts';
import type { HandshakeState } from './handshake-transitions.ts';
import type { HandshakeInput, HandshakeOutput } from './handshake-types.ts';

/** How long the other end may take to read a REJECT before the connection goes. */
const LINGER_MS = 500;

/** What the rules of a handshake are set to. */
export interface HandshakeSettings extends fault.OwnSide, Demands {
  /** When it must be complete. */
  readonly deadline: Millis;
}

/**
 * The handshake on one connection: HELLO, then WELCOME or REJECT, then READY; with a secret, PROOF before HELLO and
 * WELCOME. What is to be answered is decided elsewhere; here is what holds on every connection: order, size, time, version
 * and service.
 * @see docs/protocol.md §3
 */
export class HandshakeMachine implements Machine<HandshakeInput, HandshakeOutput> {
  readonly #settings: HandshakeSettings;
  readonly #decoder = new FrameDecoder(MAX_GREETING_BYTES);
  readonly #credentials: Credentials;
  #state: HandshakeState;
  #deadline: Millis;
  /** What came behind the WELCOME and belongs to the link. */
  #rest: Uint8Array = new Uint8Array();
  #isSilent = true;
  readonly #outputs: HandshakeOutputs = new HandshakeOutputs();

  constructor(settings: HandshakeSettings) {
    this.#settings = settings;
    this.#credentials = new Credentials(settings);
    this.#state = settings.role === 'dialler' ? 'connected' : 'accepted';
    this.#deadline = settings.deadline;
  }

  get state(): HandshakeState {
    return this.#state;
  }

  handle(input: HandshakeInput | Wake, now: Millis): readonly HandshakeOutput[] {
    if (!this.#isDecided()) this.#step(input, now);
    return this.#outputs.take();
  }

  nextDeadline(): Millis | undefined {
    return this.#isDecided() ? undefined : this.#deadline;
  }

  #isDecided(): boolean {
    return this.#state === 'linked' || this.#state === 'over';
  }

  #step(input: HandshakeInput | Wake, now: Millis): void {
    switch (input.kind) {
      case 'secured':
        return this.#secured(input.peer);
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
        return this.#left('closed the connection');
      case 'closed':
        return this.#left('was cut off', input.error);
      case 'wake':
        return now >= this.#deadline ? this.#expire() : undefined;
    }
  }

  #secured(peer: SecurePeer | undefined): void {
    if (this.#state !== 'connected' && this.#state !== 'accepted') return;
    const wrong = peer && this.#credentials.secured(peer);
    if (wrong !== undefined) return this.#end(wrong);
    if (this.#state === 'connected') this.#outputs.tell({ kind: 'ready' });
  }

  #greet(greeting: Greeting): void {
    if (this.#state !== 'connected') return;
    this.#outputs.introduce(FRAME.HELLO, greeting, this.#credentials.proof());
    this.#state = 'greeted';
  }

  #confirm(): void {
    if (this.#state !== 'welcomed') return;
    this.#outputs.ready();
    this.#link(this.#rest);
  }

  #welcome(greeting: Greeting): void {
    if (this.#state !== 'offered') return;
    this.#outputs.introduce(FRAME.WELCOME, greeting, this.#credentials.proof());
    this.#state = 'welcoming';
  }

  #refuse(code: RejectionCode, now: Millis): void {
    if (this.#state === 'offered') return this.#reject(code, now);
    if (this.#state === 'refusing') return;
    if (this.#state !== 'welcoming' || code !== 'ERR_REFUSED') return this.#drop();
    // It may have its link already: only a goodbye of that is understood now.
    this.#outputs.goodbye(fault.reasonOf(code, this.#settings));
    this.#linger(now);
  }

  #read(bytes: Uint8Array, now: Millis): void {
    const isFirst = this.#isSilent;
    this.#isSilent = false;
    if (this.#state === 'refusing') return;
    if (this.#state === 'welcomed') return this.#keep(bytes);
    if (this.#state === 'connected' || this.#state === 'offered') {
      return this.#fail('spoke out of turn', 'it to wait for an answer');
    }
    if (isFirst && this.#credentials.isMistaken(bytes)) {
      return this.#turnAway(this.#credentials.modeFault(), now);
    }
    this.#decoder.push(bytes);
    this.#decode(now);
  }

  #decode(now: Millis): void {
    if (this.#decoder.next()) {
      const { type, bytes, start, end } = this.#decoder;
      this.#take(type, bytes.subarray(start, end), now);
    } else if (this.#decoder.error !== undefined) {
      this.#fail('sent bytes that are no handshake', 'a greeting', this.#decoder.error);
    }
  }

  #take(type: number, payload: Uint8Array, now: Millis): void {
    const { state } = this;
    if (state !== 'welcoming' && type === FRAME.PROOF) return this.#takeProof(payload, now);
    if (state === 'accepted' && type === FRAME.HELLO) return this.#takeHello(payload, now);
    if (state === 'greeted' && type === FRAME.WELCOME) return this.#takeWelcome(payload);
    if (state === 'greeted' && type === FRAME.REJECT) {
      return this.#end(fault.rejection(this.#settings, decodeRejection(payload)));
    }
    if (state === 'welcoming' && type === FRAME.READY) return this.#link(this.#decoder.takeRest());
    this.#fail(`sent a frame of type ${type}`, 'the next step of the handshake');
  }

  #takeProof(payload: Uint8Array, now: Millis): void {
    const wrong = this.#credentials.take(payload);
    return wrong === undefined ? this.#decode(now) : this.#turnAway(wrong, now);
  }

  #takeHello(payload: Uint8Array, now: Millis): void {
    const greeting = fault.believableGreeting(payload, this.#credentials, this.#settings);
    if (this.#decoder.bufferedBytes > 0) {
      this.#fail('spoke out of turn', 'it to wait for an answer');
    } else if (CableCarError.is(greeting)) {
      this.#turnAway(greeting, now);
    } else {
      this.#tellGreeting('offered', greeting);
    }
  }

  #takeWelcome(payload: Uint8Array): void {
    const greeting = fault.believableGreeting(payload, this.#credentials, this.#settings);
    if (CableCarError.is(greeting)) return this.#end(greeting);
    this.#rest = this.#decoder.takeRest();
    this.#tellGreeting('welcomed', greeting);
  }

  /** Who dialled is told why; who does not speak the protocol would not understand that either. */
  #turnAway(error: CableCarError, now: Millis): void {
    if (this.#state !== 'accepted' || error.code === 'ERR_HANDSHAKE') return this.#end(error);
    this.#outputs.tell({ kind: 'failed', error });
    this.#reject(error.code as RejectionCode, now);
  }

  #tellGreeting(state: HandshakeState, greeting: Greeting): void {
    this.#state = state;
    this.#outputs.tell({ kind: 'greeted', greeting });
  }

  /** What came behind the WELCOME while our READY has not gone. */
  #keep(bytes: Uint8Array): void {
    this.#rest = Buffer.concat([this.#rest, bytes]);
    if (this.#rest.length > MAX_GREETING_BYTES) this.#fail('sent much', 'it to wait for READY');
  }

  #link(rest: Uint8Array): void {
    this.#state = 'linked';
    this.#outputs.tell({ kind: 'linked', rest });
  }

  #expire(): void {
    if (this.#state === 'refusing') return this.#drop();
    // A HELLO that is not answered yet is our own delay.
    if (this.#state === 'offered') return this.#end(undefined);
    this.#end(fault.silence(this.#settings));
  }

  /** The other end went. A visitor who never said a word is nobody's trouble. */
  #left(how: string, cause?: CableCarError): void {
    if (this.#state === 'refusing') this.#drop();
    // What came was not even to be read; the connection itself says what was wrong with it.
    else if (cause?.origin === 'remote') this.#end(cause);
    else if (this.#state === 'accepted' && this.#isSilent) this.#end(undefined);
    else this.#fail(`${how} in a handshake`, 'it to complete', cause);
  }

  #fail(did: string, expected: string, cause?: CableCarError): void {
    this.#end(fault.misstep(this.#settings, { did, expected, cause }));
  }

  #end(error: CableCarError | undefined): void {
    this.#outputs.tell({ kind: 'failed', error });
    this.#drop();
  }

  #drop(): void {
    this.#state = 'over';
    this.#outputs.over();
  }

  #reject(code: RejectionCode | 'ERR_SECURITY_MODE', now: Millis): void {
    if (code === 'ERR_SECURITY_MODE') this.#outputs.alert();
    else this.#outputs.reject({ code, reason: fault.reasonOf(code, this.#settings) });
    this.#linger(now);
  }

  /** Nothing more is said; the other end may read what was. */
  #linger(now: Millis): void {
    this.#state = 'refusing';
    this.#deadline = now + LINGER_MS;
  }
}
