import { afterEach, describe, expect, it, vi } from 'vitest';
import { ByteWriter } from '../bytes/byte-writer.ts';
import type { CableCarError } from '../errors/cablecar-error.ts';
import { MsgIdentify, MsgJoin, MsgQuit, MsgRetry } from './builtin-messages.ts';
import { provideLocalIdentity, type LocalIdentity } from './local-identity.ts';
import type { Message } from './message.ts';
import { MessageRegistry, type MessageType } from './message-registry.ts';

const registry = new MessageRegistry();
const identify = registry.byCode(1) as MessageType;

function encode(message: Message): string {
  const writer = new ByteWriter();
  registry.typeOf(message).encode(message, writer);
  return writer.copyItem().toString();
}

function decode(text: string): Message | CableCarError {
  return identify.decode(Buffer.from(text), 0, Buffer.byteLength(text));
}

describe('MsgIdentify', () => {
  afterEach(() => provideLocalIdentity(() => ({ username: 'someone', hostname: 'somewhere' })));

  it('travels as username@hostname where messages are bytes', () => {
    expect(encode(new MsgIdentify({ username: 'ada', hostname: 'pc-1' }))).toBe('ada@pc-1');
    expect(decode('ada@pc-1')).toStrictEqual(
      new MsgIdentify({ username: 'ada', hostname: 'pc-1' }),
    );
    expect(decode('ädä@')).toMatchObject({ username: 'ädä', hostname: '' });
  });

  it('travels as its attributes where messages are JSON', () => {
    const message = new MsgIdentify({ username: 'a@b', hostname: 'pc' });
    expect(registry.byName('MsgIdentify')).toBe(identify);
    expect(identify.attributesOf(message)).toEqual({ username: 'a@b', hostname: 'pc' });
    expect(identify.fromAttributes({ username: 'a@b', hostname: 'pc' })).toStrictEqual(message);
  });

  it.each(['', 'ada', 'ada@b@c', '@@'])('refuses the bytes %j', (text) => {
    expect(decode(text)).toMatchObject({ code: 'ERR_MESSAGE_DECODE' });
  });

  it.each([{}, { username: 'ada' }, { username: 1, hostname: 'pc' }, { encode: 1 }, [], null])(
    'refuses the attributes %j',
    (attributes) => {
      expect(identify.fromAttributes(attributes)).toMatchObject({ code: 'ERR_MESSAGE_DECODE' });
    },
  );

  it('refuses to be bytes that could not be told apart at the other end', () => {
    for (const fields of [
      { username: 'ada@home', hostname: 'pc' },
      { username: 'ada', hostname: 'p@c' },
    ])
      expect(() => encode(new MsgIdentify(fields))).toThrow("expected names without '@'");
  });

  it('is filled in by whoever knows the system, as far as it is not given', () => {
    const ask = vi.fn<() => LocalIdentity>(() => ({ username: 'root', hostname: 'mainframe' }));
    provideLocalIdentity(ask);
    expect(new MsgIdentify()).toMatchObject({ username: 'root', hostname: 'mainframe' });
    expect(new MsgIdentify({ username: 'ada' })).toMatchObject({
      username: 'ada',
      hostname: 'mainframe',
    });
    ask.mockClear();
    expect(new MsgIdentify({ username: 'ada', hostname: 'pc' }).hostname).toBe('pc');
    decode('ada@pc');
    expect(ask).not.toHaveBeenCalled();
  });

  it('demands its fields where nobody knows the system', async () => {
    vi.resetModules();
    const fresh = await import('./builtin-messages.ts');
    expect(() => new fresh.MsgIdentify()).toThrow('ERR_OPTION');
    expect(() => new fresh.MsgIdentify({ username: 'ada' })).toThrow('ERR_OPTION');
    expect(new fresh.MsgIdentify({ username: 'ada', hostname: 'pc' }).username).toBe('ada');
  });
});

describe('MsgJoin, MsgRetry and MsgQuit', () => {
  it.each([
    ['MsgJoin', 2, MsgJoin],
    ['MsgRetry', 3, MsgRetry],
    ['MsgQuit', 4, MsgQuit],
  ] as const)('%s travels by its name as JSON and by code %i as bytes', (name, code, built) => {
    const type = registry.byName(name);
    expect(type).toBe(registry.byCode(code));
    expect(type?.attributesOf(new built())).toEqual({});
    expect(type?.fromAttributes({})).toStrictEqual(new built());
    expect(encode(new built())).toBe('');
    expect(type?.decode(Buffer.alloc(0), 0, 0)).toStrictEqual(new built());
    expect(type?.decode(Buffer.alloc(1), 0, 1)).toMatchObject({ code: 'ERR_MESSAGE_DECODE' });
  });

  it('keeps attributes that a JSON peer adds, and refuses those it must not have', () => {
    const join = registry.byName('MsgJoin') as MessageType;
    expect(join.fromAttributes({ seat: 3 })).toMatchObject({ seat: 3 });
    expect(join.fromAttributes({ encode: 3 })).toMatchObject({ code: 'ERR_MESSAGE_DECODE' });
  });
});
