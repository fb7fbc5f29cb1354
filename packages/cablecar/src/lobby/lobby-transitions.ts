import type { LobbyInput, Standing } from './lobby-types.ts';
import type { Word } from './words.ts';

/** `away` is a player that is not connected. */
type Name = Standing['name'] | 'away';
type Input = Exclude<LobbyInput['kind'], 'heard'> | 'wake' | `heard ${Word['kind']}`;
type Row = Readonly<Record<Input, readonly Name[]>>;

/**
 * How things stand with one player, and what each input about that player may make of it. What happens with one player
 * may end what was under way with others: who accepts takes its own invitations back, and a game that is full takes
 * back and declines all that are open.
 * @see docs/state-machines.md
 */
export const LOBBY_TRANSITIONS: Readonly<Record<Name, Row>> = {
  away: row('away', { met: ['unknown', 'present'], lost: ['away'] }),
  // Only where lobbies say that they are here; where there is but the one word, nobody is unknown.
  unknown: row('unknown', { 'heard here': ['present'], 'heard join': [] }),
  present: row('present', {
    invite: ['present', 'inviting'],
    'heard invite': ['present', 'invited', 'accepting', 'inviting'],
    'heard join': ['present', 'invited', 'host', 'guest'],
  }),
  inviting: row('inviting', {
    withdraw: ['present'],
    openness: ['inviting', 'present'],
    wake: ['inviting', 'present'],
    'heard invite': ['inviting', 'accepting', 'present'],
    'heard accept': ['inviting', 'guest'],
    'heard decline': ['inviting', 'present'],
    'heard join': ['guest'],
  }),
  invited: row('invited', {
    invite: ['accepting', 'inviting', 'host', 'guest'],
    accept: ['accepting', 'inviting', 'host', 'guest'],
    decline: ['present'],
    openness: ['invited', 'accepting', 'inviting', 'host', 'guest', 'present'],
    'heard withdraw': ['invited', 'present'],
  }),
  accepting: row('accepting', {
    withdraw: ['present'],
    wake: ['accepting', 'present'],
    'heard confirm': ['accepting', 'host'],
    'heard withdraw': ['accepting', 'present'],
    'heard join': [], // there, nothing is confirmed
  }),
  guest: row('guest', { leave: ['present'], 'heard leave': ['present'] }),
  host: row('host', { leave: ['present'], 'heard leave': ['present'] }),
};

/** Most inputs change nothing, and a player that is lost is away. */
function row(name: Name, changes: Partial<Row>): Row {
  const stays = [name];
  return {
    met: stays,
    lost: ['away'],
    invite: stays,
    accept: stays,
    decline: stays,
    withdraw: stays,
    leave: stays,
    openness: stays,
    wake: stays,
    'heard here': stays,
    'heard invite': stays,
    'heard accept': stays,
    'heard confirm': stays,
    'heard decline': stays,
    'heard withdraw': stays,
    'heard roster': stays,
    'heard leave': stays,
    'heard join': stays,
    ...changes,
  };
}
