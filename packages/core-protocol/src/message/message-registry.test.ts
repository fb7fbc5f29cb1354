import { describe, expect, it } from 'vitest';
import { ByteWriter } from '../bytes/byte-writer.ts';
import { CableCarError } from '../errors/cablecar-error.ts';
import { MsgIdentify, MsgJoin, MsgQuit, MsgRetry } from './builtin-messages.ts';
import { byteMessage } from './byte-message.ts';
import { jsonMessage } from './json-message.ts';
import { Message, type MessageClass } from './message.ts';
import { MessageRegistry, registryOf } from './message-registry.ts';

class Chat extends jsonMessage('Chat')<{ text: string }> {}
class Position extends byteMessage(0x10, { x: 'i16' }) {}

describe('a message registry', () => {
  it('has the built-in messages first, then the classes in the order given', () => {
    const registry = new MessageRegistry([Chat, Position]);
    expect(registry.types.map(({ index, label, kind }) => [index, label, kind])).toEqual([
      [0, 'MsgIdentify', 'byte'],
      [1, 'MsgJoin', 'byte'],
      [2, 'MsgRetry', 'byte'],
      [3, 'MsgQuit', 'byte'],
      [4, 'Chat', 'json'],
      [5, '0x10', 'byte'],
    ]);
  });

  it('takes a class that is named twice, and built-in ones that are named at all', () => {
    const registry = new MessageRegistry([MsgQuit, Chat, MsgJoin, Chat]);
    expect(registry.types).toHaveLength(5);
  });

  it('finds a type by message, by name and by code', () => {
    const registry = new MessageRegistry([Chat, Position]);
    const [chat, position] = registry.types.slice(4);
    expect(registry.typeOf(new Chat({ text: '' }))).toBe(chat);
    expect(registry.typeOf(new Position({ x: 1 }))).toBe(position);
    expect(registry.byName('Chat')).toBe(chat);
    expect(registry.byCode(0x10)).toBe(position);
    expect(registry.byName('MsgRetry')).toBe(registry.byCode(3));
    expect(registry.byName('0x10')).toBeUndefined();
    expect(registry.byCode(0x11)).toBeUndefined();
  });

  it("finds nothing by the names of every object's members (T11)", () => {
    const registry = new MessageRegistry([Chat]);
    for (const name of Object.getOwnPropertyNames(Object.prototype))
      expect(registry.byName(name)).toBeUndefined();
  });

  it('refuses messages of other classes, subclasses included', () => {
    class Shout extends Chat {}
    const registry = new MessageRegistry([Chat]);
    const refuse = (message: unknown): string => {
      try {
        registry.typeOf(message as Message);
      } catch (thrown) {
        expect(CableCarError.is(thrown, 'ERR_MESSAGE_UNREGISTERED')).toBe(true);
        return (thrown as Error).message;
      }
      return expect.fail('expected typeOf() to throw');
    };
    expect(refuse(new Position({ x: 1 }))).toContain('an instance of Position');
    expect(refuse(new Shout({ text: '' }))).toContain('an instance of Shout');
    expect(refuse({ text: '' })).toContain('an object');
    expect(refuse('text')).toContain('"text"');
    expect(refuse(null)).toContain('null');
    expect(refuse(undefined)).toContain('undefined');
  });

  it('refuses two classes of one name or one code, naming both', () => {
    class Other extends jsonMessage('Chat') {}
    class Place extends byteMessage(0x10) {}
    class Mine extends byteMessage(0x02) {}
    class Join extends jsonMessage('MsgJoin') {}
    class Shout extends Chat {}
    const share =
      (...classes: MessageClass[]) =>
      () =>
        new MessageRegistry(classes);
    expect(share(Chat, Other)).toThrow(
      "[ERR_MESSAGE_DUPLICATE] Chat and Other (Chat) share the name 'Chat'",
    );
    expect(share(Position, Place)).toThrow('Position (0x10) and Place (0x10) share the code 0x10');
    expect(share(Mine)).toThrow('MsgJoin and Mine (0x02) share the code 0x02');
    expect(share(Join)).toThrow('MsgJoin and Join (MsgJoin) share the name');
    expect(share(Chat, Shout)).toThrow('ERR_MESSAGE_DUPLICATE');
  });

  it('refuses what is no message class', () => {
    class Bare extends Message {}
    for (const each of [Bare, Message, Date, {}, null, 'Chat'])
      expect(() => new MessageRegistry([each as MessageClass])).toThrow('ERR_MESSAGE_DEFINITION');
  });

  it('takes 1,024 types and no more', () => {
    const classes = Array.from({ length: 1021 }, (_, index) => jsonMessage(`M${index}`));
    expect(new MessageRegistry(classes.slice(1)).types).toHaveLength(1024);
    expect(() => new MessageRegistry(classes)).toThrow('1025 types, expected at most 1024');
  });

  it('keeps nothing of one registry in another', () => {
    class Other extends jsonMessage('Chat') {}
    const before = new MessageRegistry([Chat]);
    const registry = new MessageRegistry([Other]);
    expect(registry.typeOf(new Other()).messageClass).toBe(Other);
    expect(() => registry.typeOf(new Chat({ text: '' }))).toThrow('ERR_MESSAGE_UNREGISTERED');
    expect(before.typeOf(new Chat({ text: '' })).messageClass).toBe(Chat);
  });

  it('says of a type without a name that it cannot travel as JSON', () => {
    const type = new MessageRegistry([Position]).byCode(0x10);
    expect(() => type?.attributesOf(new Position({ x: 1 }))).toThrow(
      '[ERR_MESSAGE_ENCODE] Position (0x10) has no name',
    );
    expect(type?.fromAttributes({ x: 1 })).toBeInstanceOf(CableCarError);
  });

  it('lets a base be a message class by itself', () => {
    const Ping = byteMessage(0x20);
    const registry = new MessageRegistry([Ping]);
    const writer = new ByteWriter();
    registry.typeOf(new Ping()).encode(new Ping(), writer);
    expect(writer.length).toBe(0);
    expect(registry.byCode(0x20)?.decode(writer.bytes, 0, 0)).toBeInstanceOf(Ping);
  });

  it('has fingerprints that tell JSON, own bytes and layouts apart', () => {
    class Own extends byteMessage(0x11) {}
    const { types } = new MessageRegistry([Chat, Position, Own]);
    const [join, chat, position, own] = [1, 4, 5, 6].map((index) => types[index]?.fingerprint);
    expect(own).toBe(join);
    expect(new Set([chat, position, own]).size).toBe(3);
  });

  it('gives the built-in classes their codes', () => {
    const registry = new MessageRegistry();
    const classes = [1, 2, 3, 4].map((code) => registry.byCode(code)?.messageClass);
    expect(classes).toEqual([MsgIdentify, MsgJoin, MsgRetry, MsgQuit]);
  });

  it('is shared by all who have the same list, until that is changed', () => {
    const classes: MessageClass[] = [Chat];
    const registry = registryOf(classes);
    expect(registryOf(classes)).toBe(registry);
    expect(registryOf([Chat])).not.toBe(registry);
    classes.push(Position);
    const another = registryOf(classes);
    expect(another.types.at(-1)?.messageClass).toBe(Position);
    expect(registryOf(classes)).toBe(another);
  });
});
