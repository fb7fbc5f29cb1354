import avro from 'avsc';
import { Packr, Unpackr } from 'msgpackr';
import protobuf from 'protobufjs';

const avroType = avro.Type.forSchema({
  type: 'record',
  name: 'State',
  fields: [
    { name: 'sequence', type: 'long' }, // its ints have a sign
    { name: 'x', type: 'float' },
    { name: 'y', type: 'float' },
    { name: 'heading', type: 'int' },
    { name: 'health', type: 'int' },
    { name: 'name', type: 'string' },
  ],
});

const protobufType = protobuf
  .parse(
    `syntax = "proto3"; message State {
  uint32 sequence = 1; float x = 2; float y = 3;
  uint32 heading = 4; uint32 health = 5; string name = 6; }`,
  )
  .root.lookupType('State');

const structures = [['sequence', 'x', 'y', 'heading', 'health', 'name']];
const packr = new Packr({ structures: structuredClone(structures) });
const unpackr = new Unpackr({ structures: structuredClone(structures) });
const buffer = Buffer.alloc(1_024);

/** Each in the fastest mode of which its documentation tells. */
export const CODECS = {
  avsc: {
    write: (state) => avroType.encode(state, buffer, 0),
    encode: (state) => buffer.subarray(0, avroType.encode(state, buffer, 0)),
    decode: (bytes) => avroType.fromBuffer(bytes),
  },
  protobufjs: {
    encode: (state) => protobufType.encode(state).finish(),
    decode: (bytes) => protobufType.decode(bytes),
  },
  msgpackr: {
    encode: (state) => packr.pack(state),
    decode: (bytes) => unpackr.unpack(bytes),
  },
};
