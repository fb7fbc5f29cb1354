import { NOTE_KINDS, type Note, type Observer } from '@cablecar/core-protocol';
import { channel, type Channel } from 'node:diagnostics_channel';
import { logTo } from './debug-log.ts';

const CHANNELS = Object.fromEntries(
  NOTE_KINDS.map((kind) => [kind, channel(`cablecar:${kind}`)]),
) as Record<Note['kind'], Channel>;

/**
 * Publishes every note on the channel of its kind, `cablecar:peer` and so on, of `node:diagnostics_channel`. Nobody
 * subscribes but who wants to know: the environment's DEBUG, to begin with.
 */
export const systemObserver: Observer = {
  note: (note) => {
    const { [note.kind]: one } = CHANNELS;
    if (one.hasSubscribers) one.publish(note);
  },
};

logTo((line) => process.stderr.write(line), process.env['DEBUG']);
