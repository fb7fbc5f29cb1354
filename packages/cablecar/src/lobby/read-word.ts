import { cleanText } from '@cablecar/core-protocol';
import {
  FAILURES,
  OPENNESS,
  type Presence,
  type Refusal,
  type Roster,
  type Word,
} from './words.ts';

/** The longest reason that is shown, in code points. */
const MAX_REASON_LENGTH = 123;
const MAX_PLAYERS = 64;
const MAX_ID_LENGTH = 64;

type Raw = Readonly<Record<string, unknown>>;

/** What a stranger says, as a word; undefined unless it is one. Never throws. */
export function readWord(raw: unknown): Word | undefined {
  if (typeof raw !== 'object' || raw === null) return undefined;
  const word = raw as Raw;
  const { kind } = word;
  switch (kind) {
    case 'here': {
      const presence = presenceOf(word);
      return presence && { kind, ...presence };
    }
    case 'leave':
      return typeof word['reason'] === 'string'
        ? { kind, reason: cleanText(word['reason'], MAX_REASON_LENGTH) }
        : undefined;
    case 'roster': {
      const roster = rosterOf(word);
      return roster && { kind, ...roster };
    }
  }
  const { number, answers } = word;
  if (!isCount(number)) return undefined;
  switch (kind) {
    case 'accept':
      return { kind, number };
    case 'invite':
      if (answers === undefined) return { kind, number };
      return isCount(answers) ? { kind, number, answers } : undefined;
    case 'confirm': {
      const roster = rosterOf(word);
      return roster && { kind, number, ...roster };
    }
    case 'decline':
    case 'withdraw': {
      const refusal = refusalOf(word);
      return refusal && { kind, number, ...refusal };
    }
    default:
      return undefined;
  }
}

function presenceOf({ openness, taken, size }: Raw): Presence | undefined {
  const known = OPENNESS.find((one) => one === openness);
  return known && isCount(taken) && isCount(size) ? { openness: known, taken, size } : undefined;
}

function rosterOf({ size, players }: Raw): Roster | undefined {
  if (!isCount(size) || !Array.isArray(players) || players.length > MAX_PLAYERS) return undefined;
  return players.every((id) => typeof id === 'string' && id.length <= MAX_ID_LENGTH)
    ? { size, players: players as string[] }
    : undefined;
}

function refusalOf({ code, reason }: Raw): Refusal | undefined {
  const known = FAILURES.find((one) => one === code);
  if (known === undefined || typeof reason !== 'string') return undefined;
  return { code: known, reason: cleanText(reason, MAX_REASON_LENGTH) };
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
