import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CableCarError } from '../errors/cablecar-error.ts';
import { byteMessage } from './byte-message.ts';
import { encodeCatalog, matchCatalog, type CatalogMatch } from './catalog.ts';
import { jsonMessage } from './json-message.ts';
import { MessageRegistry } from './message-registry.ts';

class Chat extends jsonMessage('Chat')<{ text: string }> {}
class Move extends jsonMessage('Move')<{ x: number }> {}
class Position extends byteMessage(0x10, { x: 'i16' }) {}
class OtherPosition extends byteMessage(0x10, { x: 'i32' }) {}
class Ready extends byteMessage(0x12) {}

function match(registry: MessageRegistry, bytes: Uint8Array): CatalogMatch {
  const result = matchCatalog(registry, bytes);
  if (result instanceof CableCarError) throw result;
  return result;
}

/** The catalog of the built-in messages alone, as its bytes go over the wire. */
const BUILTIN = '04' + ['01', '02', '03', '04'].map((code) => `01${code}645a021f`).join('');

describe('a catalog', () => {
  it('is written as documented', () => {
    const bytes = Buffer.from(encodeCatalog(new MessageRegistry([Chat])));
    expect(bytes.toString('hex')).toBe(`05${BUILTIN.slice(2)}00044368617436a1a243`);
  });

  it("gives this end's types in the order of the other end's", () => {
    const here = new MessageRegistry([Chat, Move, Position]);
    const there = new MessageRegistry([Position, Chat, Move]);
    const { decoders, problems } = match(here, encodeCatalog(there));
    expect(problems).toEqual([]);
    expect(decoders.map((type) => type?.messageClass)).toEqual(
      there.types.map((type) => type.messageClass),
    );
    for (const type of decoders) expect(here.types).toContain(type);
  });

  it('names the types that only one end knows, in both directions', () => {
    const here = new MessageRegistry([Chat, Ready]);
    const { decoders, problems } = match(here, encodeCatalog(new MessageRegistry([Move, Ready])));
    expect(decoders.slice(4).map((type) => type?.label)).toEqual([undefined, '0x12']);
    expect(problems.map(({ code }) => code)).toEqual([
      'ERR_MESSAGE_UNKNOWN',
      'ERR_MESSAGE_UNKNOWN',
    ]);
    expect(problems[0]?.message).toContain('the peer sends messages of type Move');
    expect(problems[1]?.message).toContain('the peer does not know messages of type Chat');
  });

  it('names the types that both ends define differently', () => {
    const here = new MessageRegistry([Position]);
    const { decoders, problems } = match(here, encodeCatalog(new MessageRegistry([OtherPosition])));
    expect(decoders[4]).toBeUndefined();
    expect(problems.map(({ code }) => code)).toEqual(['ERR_MESSAGE_MISMATCH']);
    expect(problems[0]?.message).toContain('0x10');
  });

  it('does not take a JSON type of a built-in name for the built-in type', () => {
    const bytes = Buffer.from('0100074d73674a6f696e645a021f', 'hex');
    const { decoders, problems } = match(new MessageRegistry(), bytes);
    expect(decoders).toEqual([undefined]);
    expect(problems[0]?.message).toContain('the peer sends messages of type MsgJoin');
  });

  it('tells of 16 problems one by one and counts the others', () => {
    const classes = Array.from({ length: 50 }, (_, index) => jsonMessage(`M${index}`));
    const { problems } = match(new MessageRegistry(), encodeCatalog(new MessageRegistry(classes)));
    expect(problems).toHaveLength(17);
    expect(problems.at(-1)?.message).toContain('34 more message types');
  });

  it('may have 1,024 types of the longest names', () => {
    const classes = Array.from({ length: 1020 }, (_, index) =>
      jsonMessage(`${'𝄞'.repeat(60)}${String(index).padStart(4, '0')}`),
    );
    const registry = new MessageRegistry(classes);
    expect(match(registry, encodeCatalog(registry)).decoders).toEqual(registry.types);
  });

  it.each([
    ['nothing', ''],
    ['a count alone', '01'],
    ['a count past the limit', '8108'],
    ['a kind that there is not', '010201645a021f'],
    ['a name that is empty', '010000645a021f'],
    ['a name with an escape', '0100021b5b645a021f'],
    ['a name longer than 64 characters', `010041${'61'.repeat(65)}645a021f`],
    ['a name that is not there', '0100ff01'],
    ['one code twice', '020101645a021f0101645a021f'],
    ['one name twice', '02000161645a021f000161645a021f'],
    ['half a fingerprint', '010101645a'],
    ['more than its types', `${BUILTIN}00`],
  ])('is refused with %s', (_, hex) => {
    expect(matchCatalog(new MessageRegistry(), Buffer.from(hex, 'hex'))).toMatchObject({
      code: 'ERR_FRAME',
      origin: 'remote',
    });
  });

  it('never throws on any bytes', () => {
    const registry = new MessageRegistry([Chat, Position]);
    const valid = encodeCatalog(registry);
    const changed = fc
      .record({ at: fc.nat(valid.length - 1), byte: fc.nat(255), length: fc.nat(valid.length) })
      .map(({ at, byte, length }) => {
        const bytes = Uint8Array.from(valid);
        bytes[at] = byte;
        return bytes.subarray(0, length);
      });
    fc.assert(
      fc.property(fc.oneof(changed, fc.uint8Array({ maxLength: 40 })), (bytes) => {
        const result = matchCatalog(registry, bytes);
        if (result instanceof CableCarError) expect(result.code).toBe('ERR_FRAME');
        else expect(result.decoders.length).toBeLessThanOrEqual(1024);
      }),
      { numRuns: 500 },
    );
  });
});
