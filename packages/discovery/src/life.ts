import type { PeerId } from '@cablecar/core-protocol';

/** One life of one peer: its id and its epoch. A restarted program is the same peer in another life. */
export type Life = `${PeerId}/${string}`;

/** The name of a life, from a beacon or a greeting. */
export function lifeOf({ id, epoch }: { readonly id: PeerId; readonly epoch: string }): Life {
  return `${id}/${epoch}`;
}

/** Whose life it is. */
export function idOf(life: Life): PeerId {
  return life.slice(0, life.indexOf('/'));
}

/** Which of its lives it is. */
export function epochOf(life: Life): string {
  return life.slice(life.indexOf('/') + 1);
}
