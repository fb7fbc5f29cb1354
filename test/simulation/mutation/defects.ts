/** A defect to be planted: in one file, one text in the place of another that stands there exactly once. */
export interface Defect {
  readonly name: string;
  /** Below `packages/`. */
  readonly file: string;
  readonly find: string;
  readonly put: string;
}

const MESSENGER = 'messenger/src';
const DISCOVERY = 'discovery/src';

/** Mistakes that one can make in the protocol and that every test of a calm day would pass. */
export const DEFECTS: readonly Defect[] = [
  {
    name: 'news of receipt is taken for told and not sent',
    file: `${MESSENGER}/exchange.ts`,
    find: 'if (this.#credit.due) return [this.#tell()];',
    put: 'if (this.#credit.due) return (this.#tell(), []);',
  },
  {
    name: 'one frame more is forgotten than was acknowledged',
    file: `${MESSENGER}/frame-sequence.ts`,
    find: 'this.#log.release(received - this.#asidesAcknowledged);',
    put: 'this.#log.release(Math.min(received - this.#asidesAcknowledged + 1, this.#logNumbered));',
  },
  {
    name: 'what was written is not written again on another connection',
    file: `${MESSENGER}/frame-sequence.ts`,
    find: '    this.#logWritten = this.#log.released;\n    this.#asidesWritten = 0;',
    put: '    this.#asidesWritten = 0;',
  },
  {
    name: 'what was sent beside the stream is not written again',
    file: `${MESSENGER}/frame-sequence.ts`,
    find: '    this.#asidesWritten = 0;\n    this.#grantedFrames',
    put: '    this.#asidesWritten = this.#asides.length;\n    this.#grantedFrames',
  },
  {
    name: 'sends on a new connection before the other end has said where to begin',
    file: `${MESSENGER}/frame-sequence.ts`,
    find: '    this.#grantedFrames = this.#grantedBytes = 0;\n',
    put: '',
  },
  {
    name: 'says on a new connection that nothing has been received',
    file: `${MESSENGER}/exchange.ts`,
    find: 'write.open({ ...this.#credit.tell(), maxMessageBytes, catalog })',
    put: 'write.open({ ...this.#credit.tell(), received: 0, maxMessageBytes, catalog })',
  },
  {
    name: 'the credit in bytes is ignored',
    file: `${MESSENGER}/frame-sequence.ts`,
    find: 'const credit = this.#grantedBytes - this.#asideBytesNumbered;',
    put: 'const credit = Infinity;',
  },
  {
    name: 'the credit in messages is ignored',
    file: `${MESSENGER}/frame-sequence.ts`,
    find: 'const granted = this.#grantedFrames - this.#asidesNumbered;',
    put: 'const granted = Infinity;',
  },
  {
    name: 'what goes beside the stream does not count against the credit',
    file: `${MESSENGER}/frame-sequence.ts`,
    find: 'this.numbered + frames.length <= this.#grantedFrames &&',
    put: 'true &&',
  },
  {
    name: 'credit is never returned',
    file: `${MESSENGER}/session-machine.ts`,
    find: 'this.#exchange.taken(input.messages, input.bytes);',
    put: '',
  },
  {
    name: 'credit is returned when a message arrives and not when it is taken',
    file: `${MESSENGER}/inflow.ts`,
    find: '      this.inbox.push(frame);\n',
    put: '      this.inbox.push(frame);\n      this.#newTaken++;\n      this.#newTakenBytes += frame.frameBytes;\n',
  },
  {
    name: 'half a frame of the old connection is kept for the new one',
    file: `${MESSENGER}/native-wire.ts`,
    find: '  reset(): void {\n    this.frames = new FrameDecoder(this.#ownMaxMessageBytes);',
    put: '  reset(): void {',
  },
  {
    name: 'the parts of a message are forgotten with the connection',
    file: `${MESSENGER}/native-wire.ts`,
    find: '  reset(): void {\n',
    put: '  reset(): void {\n    Object.assign(this, { parts: new PartJoiner(this.#ownMaxMessageBytes) });\n',
  },
  {
    name: 'memory is used again before it is acknowledged',
    file: `${MESSENGER}/frame-log.ts`,
    find: '?? Infinity) <= this.#releasedBytes) done++;',
    put: '?? Infinity) <= this.#releasedBytes + 60_000) done++;',
  },
  {
    name: 'the ring of frames loses one when it grows',
    file: `${MESSENGER}/frame-log.ts`,
    find: 'for (let frame = this.#released + 1; frame <= this.#appended; frame++) {',
    put: 'for (let frame = this.#released + 2; frame <= this.#appended; frame++) {',
  },
  {
    name: 'an older value takes the place of a newer one',
    file: `${MESSENGER}/fleeting.ts`,
    find: '    this.#waiting.set(key, message);',
    put: '    if (before === undefined) this.#waiting.set(key, message);',
  },
  {
    name: 'the last frame beside the stream is never taken for acknowledged',
    file: `${MESSENGER}/frame-sequence.ts`,
    find: 'this.#asides[0].number <= received',
    put: 'this.#asides[0].number < received',
  },
  {
    name: 'nobody is told that there is room again',
    file: `${MESSENGER}/outflow.ts`,
    find: 'if (this.outbox.takeRelief()) this.#listener.onRelief();',
    put: 'this.outbox.takeRelief();',
  },
  {
    name: 'one message less is reported as undelivered',
    file: `${MESSENGER}/messenger.ts`,
    find: 'const undelivered = this.#session.outflow.outbox.pendingMessages;',
    put: 'const undelivered = Math.max(0, this.#session.outflow.outbox.pendingMessages - 1);',
  },
  {
    name: 'a close does not wait for what was sent',
    file: `${MESSENGER}/session-machine.ts`,
    find: "if (isDelivered && name !== 'suspended') return this.#goodbye(reason, now);",
    put: "if (name !== 'suspended') return this.#goodbye(reason, now);",
  },
  {
    name: 'a session without a connection is never given up',
    file: `${MESSENGER}/session-machine.ts`,
    find: 'return Math.min(this.#givenUpAt, partingAt);',
    put: 'return undefined;',
  },
  {
    name: 'a session waits for ever for the other end to finish',
    file: `${MESSENGER}/session-machine.ts`,
    find: "      case 'ending':\n        return this.#state.deadline;",
    put: "      case 'ending':\n        return undefined;",
  },
  {
    name: 'the end of a connection is taken for a goodbye',
    file: `${MESSENGER}/session-machine.ts`,
    find: 'return this.#broken(fault.endedWithoutGoodbye(), now);',
    put: "return this.#finish(fault.end('goodbye', 'it finished'));",
  },
  {
    name: 'silence is judged too early',
    file: `${MESSENGER}/liveness.ts`,
    find: 'this.#heardAt + this.#settings.silenceTimeoutMs,',
    put: 'this.#heardAt + this.#settings.silenceTimeoutMs / 10,',
  },
  {
    name: 'no heartbeat is sent',
    file: `${MESSENGER}/session-machine.ts`,
    find: 'if (now >= pingAt) outputs.push(this.#ping(now));',
    put: 'if (now >= pingAt) this.#ping(now);',
  },
  {
    name: 'silence is never judged',
    file: `${MESSENGER}/liveness.ts`,
    find: 'this.#heardAt + this.#settings.silenceTimeoutMs,',
    put: 'this.#heardAt + 1e9,',
  },
  {
    name: 'a lost connection ends the session',
    file: `${MESSENGER}/session-machine.ts`,
    find: "return name === 'ending' ? this.#finish(undefined) : this.#suspend(now);",
    put: 'return this.#finish(fault.lost(fault.closedWithoutGoodbye()));',
  },
  {
    name: 'an old connection is heard beside the new one',
    file: `${DISCOVERY}/link/connection-link.ts`,
    find: '      this.#connection.attach(DEAF);\n      this.#connection.destroy();\n      this.#handlers?.onDown?.();',
    put: '      this.#handlers?.onDown?.();',
  },
  {
    name: 'of two connections the first wins at each end',
    file: `${DISCOVERY}/dial/dial-machine.ts`,
    find: 'if (idOf(record.life) > id) return true;',
    put: 'if (idOf(record.life) > id || !once) return true;',
  },
  {
    name: 'no dial is tried again',
    file: `${DISCOVERY}/dial/dial-machine.ts`,
    find: '    else if (FINAL.has(code)) this.#moves.rest(record);\n    else this.#moves.again(record, now);',
    put: '    else this.#moves.rest(record);',
  },
  {
    name: 'a lost link is not dialled again',
    file: `${DISCOVERY}/dial/dial-machine.ts`,
    find: '    else if (parted) this.#moves.rest(record);\n    else this.#moves.again(record, now);',
    put: '    else this.#moves.rest(record);',
  },
  {
    name: 'a link is forgotten that was promised and never confirmed',
    file: `${DISCOVERY}/link/made-links.ts`,
    find: 'this.#promised.get(life) ?? (made?.link.goesOn ? made.origin : 0)',
    put: 'made?.link.goesOn ? made.origin : 0',
  },
  {
    name: 'a goodbye in place of OPEN is taken for a fault',
    file: `${MESSENGER}/control-reader.ts`,
    find: "kind === 'close' || ",
    put: '',
  },
];
