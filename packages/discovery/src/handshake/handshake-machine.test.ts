import {
  ByteWriter,
  CableCarError,
  encodeGreeting,
  encodeRejection,
  FRAME,
  FrameDecoder,
  readClose,
  type Greeting,
  MAX_GREETING_BYTES,
  type Role,
  type SecurePeer,
  type SharedSecret,
  TLS_VERSION_ALERT,
  writeFrame,
} from '@cablecar/core-protocol';
import { fc, test as prop } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { HandshakeMachine, type HandshakeSettings } from './handshake-machine.ts';
import { HANDSHAKE_TRANSITIONS, type HandshakeState } from './handshake-transitions.ts';
import type { HandshakeInput, HandshakeOutput } from './handshake-types.ts';

const REMOTE = { host: '10.0.0.2', port: 4000 };
const OURS: Greeting = {
  service: 'chess',
  id: '1'.repeat(32),
  epoch: 'a'.repeat(16),
  round: 0,
  link: 0,
  name: 'Ada',
  metadata: {},
};
const THEIRS: Greeting = { ...OURS, id: '2'.repeat(32), name: 'Bob', round: 3 };

function machine(role: Role, settings: Partial<HandshakeSettings> = {}): HandshakeMachine {
  return new HandshakeMachine({
    role,
    isSecured: false,
    secret: undefined,
    expected: undefined,
    id: OURS.id,
    service: OURS.service,
    remote: REMOTE,
    deadline: 2000,
    ...settings,
  });
}

function frame(type: number, payload: Uint8Array = new Uint8Array()): Buffer {
  const writer = new ByteWriter();
  writeFrame(writer, type, payload);
  return writer.copyItem();
}

/** A proof is what is proved. */
const SECRET: SharedSecret = {
  prove: (pieces) => Buffer.concat(pieces),
  isProof: (proof, pieces) => Buffer.concat(pieces).equals(proof),
  seal: (bytes) => bytes,
  unseal: (bytes) => bytes,
};

function peer(id: string, ...bindings: string[]): SecurePeer {
  return { id, bindings: bindings.map((it) => Buffer.from(it)) };
}

const HELLO = frame(FRAME.HELLO, encodeGreeting(THEIRS));
const WELCOME = frame(FRAME.WELCOME, encodeGreeting(THEIRS));
const READY = frame(FRAME.READY);
const chunk = (bytes: Uint8Array): HandshakeInput => ({ kind: 'chunk', bytes });
const greet: HandshakeInput = { kind: 'greet', greeting: OURS };
const welcome: HandshakeInput = { kind: 'welcome', greeting: OURS };
const confirm: HandshakeInput = { kind: 'confirm' };
const refuse: HandshakeInput = { kind: 'refuse', code: 'ERR_DUPLICATE_LINK' };
const meetsNobody: HandshakeInput = { kind: 'refuse', code: 'ERR_REFUSED' };
const ended: HandshakeInput = { kind: 'ended' };
const over: HandshakeOutput = { kind: 'event', event: { kind: 'over' } };
const closed: HandshakeInput = { kind: 'closed', error: undefined };

/** Feeds inputs one after another; answers everything that was asked for and told. */
function run(
  rules: HandshakeMachine,
  inputs: readonly HandshakeInput[],
  now = 0,
): HandshakeOutput[] {
  return inputs.flatMap((input) => [...rules.handle(input, now)]);
}

/** The last error told. */
function failure(outputs: readonly HandshakeOutput[]): string | undefined {
  const failed = outputs.flatMap((output) =>
    output.kind === 'event' && output.event.kind === 'failed' ? [output.event.error?.message] : [],
  );
  return failed.at(-1);
}

/** The codes of all errors told. */
function failures(outputs: readonly HandshakeOutput[]): unknown[] {
  return outputs.flatMap((output) =>
    output.kind === 'event' && output.event.kind === 'failed' ? [output.event.error?.code] : [],
  );
}

function kinds(outputs: readonly HandshakeOutput[]): string[] {
  return outputs.map((output) => (output.kind === 'event' ? output.event.kind : output.kind));
}

describe('a handshake that goes well (§3.1)', () => {
  test('the dialler greets, is welcomed, confirms (§3.1(1))', () => {
    const rules = machine('dialler');
    expect(run(rules, [greet])).toEqual([
      { kind: 'write', bytes: frame(FRAME.HELLO, encodeGreeting(OURS)) },
    ]);
    expect(run(rules, [chunk(WELCOME)])).toEqual([
      { kind: 'event', event: { kind: 'greeted', greeting: THEIRS } },
    ]);
    expect(run(rules, [confirm])).toEqual([
      { kind: 'write', bytes: READY },
      { kind: 'event', event: { kind: 'linked', rest: Buffer.alloc(0) } },
    ]);
    expect(rules.nextDeadline()).toBeUndefined();
  });

  test('the acceptor is greeted, welcomes, and waits for READY (§3.1(2))', () => {
    const rules = machine('acceptor');
    expect(run(rules, [chunk(HELLO)])).toEqual([
      { kind: 'event', event: { kind: 'greeted', greeting: THEIRS } },
    ]);
    expect(run(rules, [welcome])).toEqual([
      { kind: 'write', bytes: frame(FRAME.WELCOME, encodeGreeting(OURS)) },
    ]);
    expect(kinds(run(rules, [chunk(READY)]))).toEqual(['linked']);
  });

  test('every byte may come by itself', () => {
    const rules = machine('acceptor');
    const bytewise = (bytes: Buffer): HandshakeInput[] =>
      [...bytes].map((byte) => chunk(Uint8Array.of(byte)));
    run(rules, [...bytewise(HELLO), welcome, ...bytewise(READY)]);
    expect(rules.state).toBe('linked');
  });

  test('what comes behind READY belongs to the link (§3.1(3))', () => {
    const rules = machine('acceptor');
    run(rules, [chunk(HELLO), welcome]);
    expect(run(rules, [chunk(Buffer.concat([READY, Buffer.from('more')]))])).toEqual([
      { kind: 'event', event: { kind: 'linked', rest: Buffer.from('more') } },
    ]);
  });

  test('whatever a READY carries is ignored (§3.3(4))', () => {
    const rules = machine('acceptor');
    run(rules, [chunk(HELLO), welcome, chunk(frame(FRAME.READY, Buffer.from('later')))]);
    expect(rules.state).toBe('linked');
  });

  test('what comes behind WELCOME belongs to the link (§3.1(3))', () => {
    const rules = machine('dialler');
    run(rules, [
      greet,
      chunk(Buffer.concat([WELCOME, Buffer.from('mo')])),
      chunk(Buffer.from('re')),
    ]);
    expect(run(rules, [confirm])).toContainEqual({
      kind: 'event',
      event: { kind: 'linked', rest: Buffer.from('more') },
    });
  });
});

describe('being turned away (§3.3)', () => {
  test('the acceptor says why, and waits until the other end has read it (§3.3(2))', () => {
    const rules = machine('acceptor');
    run(rules, [chunk(HELLO)]);
    expect(kinds(run(rules, [refuse]))).toEqual(['write', 'end']);
    expect(rules.nextDeadline()).toBe(500);
    expect(kinds(run(rules, [ended]))).toEqual(['destroy', 'over']);
  });

  test('the acceptor does not wait long (§3.3(2))', () => {
    const rules = machine('acceptor');
    run(rules, [chunk(HELLO), refuse, chunk(Buffer.from('whatever'))]);
    expect(kinds([...rules.handle({ kind: 'wake' }, 499)])).toEqual([]);
    expect(kinds([...rules.handle({ kind: 'wake' }, 500)])).toEqual(['destroy', 'over']);
  });

  test('after WELCOME the acceptor says goodbye and sends no REJECT (§3.3(3))', () => {
    const rules = machine('acceptor');
    run(rules, [chunk(HELLO), welcome]);
    const outputs = run(rules, [meetsNobody]);
    expect(kinds(outputs)).toEqual(['write', 'end']);
    const [write] = outputs;
    const decoder = new FrameDecoder(1_024);
    decoder.push(write?.kind === 'write' ? write.bytes : new Uint8Array());
    expect(decoder.next()).toBe(true);
    const { type, bytes, start, end } = decoder;
    expect(type).toBe(FRAME.CLOSE);
    expect(readClose(bytes, start, end)).toMatchObject({ code: 0 });
    expect(kinds(run(rules, [{ kind: 'ended' }]))).toEqual(['destroy', 'over']);
  });

  test('after WELCOME the acceptor drops a connection that another one takes the place of (§4.3(5))', () => {
    const rules = machine('acceptor');
    run(rules, [chunk(HELLO), welcome]);
    expect(kinds(run(rules, [refuse]))).toEqual(['destroy', 'over']);
  });

  test('the dialler hears code and reason', () => {
    const rules = machine('dialler');
    const payload = encodeRejection({ code: 'ERR_LIMIT', reason: 'it is full' });
    const outputs = run(rules, [greet, chunk(frame(FRAME.REJECT, payload))]);
    expect(failure(outputs)).toBe(
      '[ERR_LIMIT] 10.0.0.2:4000 turned the connection away (it is full), expected a welcome',
    );
    expect(kinds(outputs)).toEqual(['write', 'failed', 'destroy', 'over']);
  });

  test.each([
    [
      'another service',
      { ...THEIRS, service: 'go' },
      "service of 10.0.0.2:4000 is 'go', expected 'chess'",
      3,
    ],
    ['itself', { ...THEIRS, id: OURS.id }, 'is this program itself', 4],
  ])('the acceptor turns away %s (§3.4(3))', (_, greeting, sentence, code) => {
    const rules = machine('acceptor');
    const outputs = run(rules, [chunk(frame(FRAME.HELLO, encodeGreeting(greeting)))]);
    expect(failure(outputs)).toContain(sentence);
    expect(kinds(outputs)).toEqual(['failed', 'write', 'end']);
    const [written] = outputs.flatMap((output) => (output.kind === 'write' ? [output.bytes] : []));
    expect([...written!.subarray(1, 3)]).toEqual([FRAME.REJECT, code]);
  });

  test('the acceptor turns away another version, of whose greeting it knows no more (§3.4(3))', () => {
    const rules = machine('acceptor');
    const other = Buffer.concat([Buffer.from('CCAR'), Buffer.of(2, 9), Buffer.from('anything')]);
    const outputs = run(rules, [chunk(frame(FRAME.HELLO, other))]);
    expect(failure(outputs)).toContain('ERR_VERSION_MISMATCH');
    expect(kinds(outputs)).toEqual(['failed', 'write', 'end']);
  });

  test('the dialler drops who welcomes it in another service (§3.4(3))', () => {
    const rules = machine('dialler');
    const greeting = encodeGreeting({ ...THEIRS, service: 'go' });
    const outputs = run(rules, [greet, chunk(frame(FRAME.WELCOME, greeting))]);
    expect(failure(outputs)).toContain('ERR_SERVICE_MISMATCH');
    expect(kinds(outputs)).toEqual(['write', 'failed', 'destroy', 'over']);
  });
});

describe('what is no handshake (§3.4)', () => {
  test.each([
    [
      'a web browser',
      Buffer.from(`GET / HTTP/1.1\r\nHost: example.com\r\n${'x: y\r\n'.repeat(20)}\r\n`),
    ],
    ['zeros', Buffer.alloc(10)],
    ['a length that is too large', Buffer.from('ffff7f01', 'hex')],
    ['a greeting of 4 KiB', frame(FRAME.HELLO, Buffer.alloc(MAX_GREETING_BYTES))],
    ['a HELLO without magic number', frame(FRAME.HELLO, Buffer.from('XXXX'))],
    ['WELCOME', WELCOME],
    ['READY', READY],
    ['a message', frame(16, Buffer.from('{}'))],
    ['HELLO and READY in one go', Buffer.concat([HELLO, READY])],
  ])('the acceptor drops %s without a word (§3.4(1), §3.1(4))', (_, bytes) => {
    const outputs = run(machine('acceptor'), [chunk(bytes)]);
    expect(failure(outputs)).toContain('ERR_HANDSHAKE');
    expect(kinds(outputs)).toEqual(['failed', 'destroy', 'over']);
  });

  test.each([
    ['HELLO', HELLO],
    ['READY', READY],
    ['text', Buffer.from('220 mail.example.com ESMTP\r\n'.repeat(4))],
  ])('the dialler drops who answers with %s (§3.4(1))', (_, bytes) => {
    expect(failure(run(machine('dialler'), [greet, chunk(bytes)]))).toContain('ERR_HANDSHAKE');
  });

  test('the dialler drops who speaks before it has (§3.1(2))', () => {
    expect(failure(run(machine('dialler'), [chunk(WELCOME)]))).toContain('ERR_HANDSHAKE');
  });

  test('the dialler does not hoard what comes while its READY waits', () => {
    const rules = machine('dialler');
    const outputs = run(rules, [
      greet,
      chunk(WELCOME),
      chunk(Buffer.alloc(MAX_GREETING_BYTES + 1)),
    ]);
    expect(failure(outputs)).toContain('ERR_HANDSHAKE');
  });

  test.each([
    ['nothing', []],
    ['half a HELLO', [chunk(HELLO.subarray(0, 9))]],
    ['HELLO but no READY', [chunk(HELLO), welcome]],
  ])('the acceptor gives up on %s at the deadline (§3.4(2))', (_, inputs) => {
    const rules = machine('acceptor');
    run(rules, inputs);
    expect(rules.handle({ kind: 'wake' }, 1999)).toEqual([]);
    expect(failure(rules.handle({ kind: 'wake' }, 2000))).toContain('ERR_HANDSHAKE_TIMEOUT');
  });

  test('a HELLO that we did not answer in time is nobody else’s trouble', () => {
    const rules = machine('acceptor');
    run(rules, [chunk(HELLO)]);
    const outputs = rules.handle({ kind: 'wake' }, 2000);
    expect(kinds(outputs)).toEqual(['failed', 'destroy', 'over']);
    expect(failure(outputs)).toBeUndefined();
  });

  test('a visitor who leaves without a word is no trouble at all', () => {
    expect(failure(run(machine('acceptor'), [ended]))).toBeUndefined();
    expect(failure(run(machine('acceptor'), [chunk(HELLO.subarray(0, 1)), ended]))).toContain(
      'ERR_HANDSHAKE',
    );
  });

  test('a connection that is cut tells its cause', () => {
    const outputs = run(machine('dialler'), [greet, closed]);
    expect(failure(outputs)).toContain('10.0.0.2:4000 was cut off in a handshake');
  });

  prop.prop([
    fc.constantFrom<Role>('dialler', 'acceptor'),
    fc.array(fc.uint8Array({ maxLength: 64 }), { maxLength: 8 }),
  ])('garbage never throws, and never makes a link', (role, chunks) => {
    const rules = machine(role);
    run(rules, [greet, ...chunks.map(chunk)]);
    expect(rules.state).not.toBe('linked');
  });

  prop.prop([fc.nat(HELLO.length - 1), fc.integer({ min: 0, max: 255 }), fc.nat(HELLO.length)])(
    'a HELLO with one byte wrong never throws, however it is cut',
    (at, byte, cut) => {
      const wrong = Buffer.from(HELLO);
      wrong[at] = byte;
      run(machine('acceptor'), [
        chunk(wrong.subarray(0, cut)),
        chunk(wrong.subarray(cut)),
        welcome,
      ]);
    },
  );
});

describe('with keys at both ends (§3.5)', () => {
  const secured: HandshakeInput = {
    kind: 'secured',
    peer: peer(THEIRS.id, 'keys and exporter', 'keys'),
  };
  const proof = (role: Role, binding: string): HandshakeInput =>
    chunk(frame(FRAME.PROOF, Buffer.from(`cablecar/1 proof${role}${binding}`)));
  const secret = { isSecured: true, secret: SECRET };

  test('hands can be shaken once the other end has shown its key', () => {
    const rules = machine('dialler', { isSecured: true });
    expect(run(rules, [secured])).toEqual([{ kind: 'event', event: { kind: 'ready' } }]);
    expect(rules.state).toBe('connected');
  });

  test.each([
    ['dialler', [greet], WELCOME],
    ['acceptor', [], HELLO],
  ] as const)('a %s believes no id but that of the key (§3.5(1))', (role, before, greeting) => {
    const other: HandshakeInput = { kind: 'secured', peer: peer('3'.repeat(32)) };
    for (const way of [secured, other]) {
      const rules = machine(role, { isSecured: true });
      const errors = failures(run(rules, [way, ...before, chunk(greeting)]));
      expect(errors).toEqual(way === secured ? [] : ['ERR_IDENTITY']);
    }
  });

  test('PROOF goes before HELLO and before WELCOME, in the binding that was used (§3.6(1))', () => {
    const dialler = machine('dialler', secret);
    const [, first, second] = run(dialler, [secured, greet]);
    expect([first, second]).toMatchObject([
      {
        kind: 'write',
        bytes: frame(FRAME.PROOF, Buffer.from('cablecar/1 proofdiallerkeys and exporter')),
      },
      { kind: 'write' },
    ]);
    for (const binding of ['keys and exporter', 'keys']) {
      const acceptor = machine('acceptor', secret);
      const outputs = run(acceptor, [secured, proof('dialler', binding), chunk(HELLO), welcome]);
      expect(outputs.find(({ kind }) => kind === 'write')).toMatchObject({
        bytes: frame(FRAME.PROOF, Buffer.from(`cablecar/1 proofacceptor${binding}`)),
      });
      expect(acceptor.state).toBe('welcoming');
    }
    run(dialler, [proof('acceptor', 'keys and exporter'), chunk(WELCOME)]);
    expect(dialler.state).toBe('welcomed');
  });

  test.each([
    ['of another secret', [proof('dialler', 'other keys')]],
    ['of its own, sent back', [proof('acceptor', 'keys')]],
    ['twice', [proof('dialler', 'keys'), proof('dialler', 'keys')]],
    ['not at all', [chunk(HELLO)]],
  ] as const)('whoever shows a proof %s is turned away unread (§3.6(2)) (T23)', (_, inputs) => {
    const rules = machine('acceptor', secret);
    expect(failures(run(rules, [secured, ...inputs]))).toEqual(['ERR_SECRET']);
    expect(rules.state).toBe('refusing');
  });

  test('a dialler without proof from the other end believes no WELCOME (§3.6(2))', () => {
    const rules = machine('dialler', secret);
    expect(failures(run(rules, [secured, greet, chunk(WELCOME)]))).toEqual(['ERR_SECRET']);
  });

  test('whoever has no secret turns away whoever has one (§3.6(2))', () => {
    const rules = machine('acceptor', { isSecured: true });
    expect(failures(run(rules, [secured, proof('dialler', 'keys')]))).toEqual(['ERR_SECRET']);
  });

  test('nothing is proved to anybody but whom is expected (§3.6(3))', () => {
    const rules = machine('dialler', { ...secret, expected: '3'.repeat(32) });
    const outputs = run(rules, [secured, greet]);
    expect(failures(outputs)).toEqual(['ERR_IDENTITY']);
    expect(outputs.filter(({ kind }) => kind === 'write')).toEqual([]);
  });

  test.each([
    ['acceptor', [], Buffer.from([0x16, 3, 1, 0, 200])],
    ['dialler', [greet], Buffer.from([0x15, 3, 3, 0, 2, 2, 70])],
  ] as const)('a %s in the clear finds out whoever encrypts (§3.5(3))', (role, before, bytes) => {
    const rules = machine(role);
    const outputs = run(rules, [...before, chunk(bytes)]);
    expect(failures(outputs)).toEqual(['ERR_SECURITY_MODE']);
    const said = { kind: 'write', bytes: TLS_VERSION_ALERT };
    expect(outputs.slice(-2)).toEqual(
      role === 'acceptor' ? [said, { kind: 'end' }] : [{ kind: 'destroy' }, over],
    );
  });

  test('what the connection says of the other end is what the handshake failed by', () => {
    const error = new CableCarError('ERR_SECURITY_MODE', 'not encrypted, expected encrypted');
    const rules = machine('acceptor', { isSecured: true });
    expect(failures(run(rules, [{ kind: 'closed', error }]))).toEqual(['ERR_SECURITY_MODE']);
  });
});

describe('the table of transitions', () => {
  const ways: Readonly<Record<HandshakeState, readonly [Role, HandshakeInput[]]>> = {
    connected: ['dialler', []],
    greeted: ['dialler', [greet]],
    welcomed: ['dialler', [greet, chunk(WELCOME)]],
    accepted: ['acceptor', []],
    offered: ['acceptor', [chunk(HELLO)]],
    welcoming: ['acceptor', [chunk(HELLO), welcome]],
    refusing: ['acceptor', [chunk(HELLO), refuse]],
    linked: ['acceptor', [chunk(HELLO), welcome, chunk(READY)]],
    over: ['acceptor', [ended]],
  };
  const inputs: readonly HandshakeInput[] = [
    { kind: 'secured', peer: undefined },
    { kind: 'secured', peer: peer(OURS.id) },
    greet,
    confirm,
    welcome,
    refuse,
    meetsNobody,
    ended,
    closed,
    chunk(HELLO.subarray(0, 5)),
    chunk(HELLO),
    chunk(WELCOME),
    chunk(READY),
    chunk(frame(FRAME.HELLO, encodeGreeting({ ...THEIRS, service: 'go' }))),
    chunk(Buffer.alloc(5000)),
  ];

  test('holds in every cell, and every one of its ways is gone', () => {
    const gone = new Set<string>();
    for (const [from, [role, way]] of Object.entries(ways)) {
      for (const input of [...inputs, { kind: 'wake' } as const]) {
        for (const now of [0, 5000]) {
          const rules = machine(role, {
            secret: SECRET,
            expected: role === 'dialler' ? THEIRS.id : undefined,
          });
          run(rules, way);
          expect(rules.state).toBe(from);
          rules.handle(input, now);
          const row = HANDSHAKE_TRANSITIONS[from as HandshakeState];
          const allowed: readonly HandshakeState[] = row[input.kind];
          expect(allowed, `${from} on ${input.kind}`).toContain(rules.state);
          gone.add(`${from} ${input.kind} ${rules.state}`);
        }
      }
    }
    const all = Object.entries(HANDSHAKE_TRANSITIONS).flatMap(([from, row]) =>
      Object.entries<readonly string[]>(row).flatMap(([kind, tos]) =>
        tos.map((to) => `${from} ${kind} ${to}`),
      ),
    );
    expect(all.filter((edge) => !gone.has(edge))).toEqual([]);
  });
});
