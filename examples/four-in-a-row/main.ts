// Four in a row in a terminal, for two: `npm run game -w examples` on each of two computers, or with `-- --loopback` in two
// terminals of one. The lobby brings the two together, a game loop draws and plays.
import { userInfo } from 'node:os';
import { parseArgs } from 'node:util';
import { GameLoopAdapter, gameLoop, type Messenger } from 'cablecar';
import { joinLobby } from 'cablecar/lobby';
import { Screen } from '../screen.ts';
import { Hall } from './hall.ts';
import { Aim, Begin, Drop, type Word } from './messages.ts';
import type { Scene } from './scene.ts';
import { Table } from './table.ts';

const { values } = parseArgs({
  options: { name: { type: 'string' }, loopback: { type: 'boolean', default: false } },
});
const name = values.name ?? userInfo().username;

const lobby = await joinLobby({
  service: 'four-in-a-row',
  name,
  messages: [Begin, Drop, Aim],
  interfaces: values.loopback ? 'loopback' : 'all',
});

const hall = new Hall(lobby);
const lines = new WeakMap<Messenger<Word>, GameLoopAdapter<Word>>(); // one for each opponent, in however many matches
let scene: Scene = hall;
lobby.on('match', (match) => {
  const [opponent] = match.players;
  if (opponent === undefined) return match.leave();
  const line = lines.get(opponent.peer) ?? new GameLoopAdapter(opponent.peer);
  lines.set(opponent.peer, line);
  scene = new Table(match, line, name);
});

const stopped = new AbortController();
for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.once(signal, () => stopped.abort());

const screen = new Screen();
await gameLoop({ hz: 30, signal: stopped.signal }, () => {
  for (const key of screen.takeKeys()) scene.press(key);
  if (scene !== hall && scene.isLeft) scene = hall;
  scene.tick();
  screen.draw(scene.lines());
  return !hall.isLeft;
});
screen.close();
await lobby.close();
