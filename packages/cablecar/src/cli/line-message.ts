import { jsonMessage, type JsonMessageBase } from '@cablecar/core-protocol';

const LineBase: JsonMessageBase<'cablecar.line'> = jsonMessage('cablecar.line');

/** The message of `cablecar send`: one JSON value. */
export class LineMessage extends LineBase<{ value: unknown }> {}
