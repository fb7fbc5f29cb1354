import type {
  CableCarError,
  DatagramHandlers,
  Endpoint,
  SecureHandlers,
  SecurePeer,
} from '@cablecar/core-protocol';

/** Something that remembers what it was told and lets a test wait for it. */
class Recorder {
  #waiting: { readonly condition: () => boolean; readonly resolve: () => void }[] = [];

  /** Resolves as soon as the condition holds, which is looked at whenever something is told. */
  until(condition: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push({ condition, resolve });
      this.told();
    });
  }

  protected told(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const one of waiting) {
      if (one.condition()) one.resolve();
      else this.#waiting.push(one);
    }
  }
}

/** A connection's listener: what came, and in which order it was told of the rest. */
export class ConnectionRecorder extends Recorder implements SecureHandlers {
  readonly chunks: Uint8Array[] = [];
  readonly calls: ('chunk' | 'drain' | 'end' | 'close')[] = [];
  error: CableCarError | undefined;
  secured: SecurePeer | undefined;
  byteLength = 0;

  get bytes(): Uint8Array {
    return Buffer.concat(this.chunks);
  }

  get text(): string {
    return Buffer.concat(this.chunks).toString();
  }

  count(call: 'chunk' | 'drain' | 'end' | 'close'): number {
    return this.calls.filter((one) => one === call).length;
  }

  onChunk(bytes: Uint8Array): void {
    this.chunks.push(bytes);
    this.byteLength += bytes.length;
    this.#record('chunk');
  }

  onSecured(peer: SecurePeer): void {
    this.secured = peer;
    this.told();
  }

  onDrain(): void {
    this.#record('drain');
  }

  onEnd(): void {
    this.#record('end');
  }

  onClose(error?: CableCarError): void {
    this.error = error;
    this.#record('close');
  }

  #record(call: 'chunk' | 'drain' | 'end' | 'close'): void {
    this.calls.push(call);
    this.told();
  }
}

/** A datagram port's listener. */
export class DatagramRecorder extends Recorder implements DatagramHandlers {
  readonly datagrams: { readonly text: string; readonly from: Endpoint }[] = [];
  readonly warnings: CableCarError[] = [];
  /** How often the interfaces changed. */
  changes = 0;

  heard(text: string): Endpoint | undefined {
    return this.datagrams.find((datagram) => datagram.text === text)?.from;
  }

  onDatagram(bytes: Uint8Array, from: Endpoint): void {
    this.datagrams.push({ text: Buffer.from(bytes).toString(), from });
    this.told();
  }

  onInterfaces(): void {
    this.changes += 1;
    this.told();
  }

  onWarning(error: CableCarError): void {
    this.warnings.push(error);
    this.told();
  }
}
