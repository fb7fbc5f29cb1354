import type { Machine, Millis, PeerId, Wake } from '@cablecar/core-protocol';
import { LobbyBoard } from './lobby-board.ts';
import { LobbyGame } from './lobby-game.ts';
import { GONE, TAKEN, WITHDRAWN } from './refusals.ts';
import type { LobbyInput, LobbyOutput, LobbySettings, Standing } from './lobby-types.ts';
import type { Openness, Presence, Refusal, Roster, Word } from './words.ts';

type Of<Kind extends Word['kind']> = Word & { readonly kind: Kind };
type Inviting = Standing & { readonly name: 'inviting' };

/**
 * The rules of a lobby: who is there, who has invited whom, and who plays with whom.
 *
 * The inviter decides: an acceptance counts once it is confirmed. So an invitation can be taken back at any moment
 * without asking, and a game never gets more players than it has places. Where two invite each other at once, the
 * invitation of the smaller id stands, and who gave the other one accepts it.
 * @see docs/lobby.md
 */
export class LobbyMachine implements Machine<LobbyInput, LobbyOutput> {
  readonly #settings: LobbySettings;
  readonly #board: LobbyBoard = new LobbyBoard();
  readonly #game: LobbyGame;
  #openness: Openness;
  #number = 0;
  /** What others know of this player. */
  #shown: Presence;

  constructor(settings: LobbySettings) {
    this.#settings = settings;
    this.#openness = settings.openness;
    this.#game = new LobbyGame(settings, this.#board);
    this.#shown = this.presence;
  }

  /** How this player shows itself. */
  get presence(): Presence {
    const { players, size } = this.roster;
    return { openness: this.#openness, taken: players.length, size };
  }

  /** Who is in this player's game; itself alone where there is none. */
  get roster(): Roster {
    return this.#game.roster;
  }

  /** How things stand with a player. */
  standing(player: PeerId): Standing['name'] | 'away' {
    return this.#board.get(player)?.name ?? 'away';
  }

  nextDeadline(): Millis | undefined {
    const deadlines = this.#board.deadlines().map(({ deadline }) => deadline);
    return deadlines.length > 0 ? Math.min(...deadlines) : undefined;
  }

  handle(input: LobbyInput | Wake, now: Millis): readonly LobbyOutput[] {
    this.#take(input, now);
    this.#showChanges();
    return this.#board.takeOutputs();
  }

  #take(input: LobbyInput | Wake, now: Millis): void {
    const { kind } = input;
    if (kind === 'wake') return this.#board.expire(now);
    if (kind === 'openness') return this.#setOpenness(input.openness, now);
    if (kind === 'leave') return this.#game.leave(input.reason);
    const { player } = input;
    const standing = this.#board.get(player);
    if (kind === 'met') return standing ? undefined : this.#met(player);
    if (standing === undefined) return;
    switch (kind) {
      case 'lost':
        return this.#lost(player, standing);
      case 'heard':
        return this.#heard(player, input.word, now);
      case 'invite':
        if (standing.name === 'present') return this.#invite(player, now + input.timeoutMs);
        if (standing.name === 'invited') this.#accept(player, standing.number, now);
        return;
      case 'accept':
        if (standing.name === 'invited') this.#accept(player, standing.number, now);
        return;
      case 'decline':
        return this.#board.decline(player, 'declined', input.reason);
      case 'withdraw':
        return this.#board.withdraw(player, 'withdrawn', input.reason);
    }
  }

  #met(player: PeerId): void {
    const { isClassic, size } = this.#settings;
    this.#board.set(player, { name: isClassic ? 'present' : 'unknown' });
    this.#board.say(player, { kind: 'here', ...this.#shown });
    if (!isClassic) return;
    // Who cannot say how it takes invitations has to be asked.
    this.#board.tell({ kind: 'player', player, presence: { openness: 'ask', taken: 1, size } });
  }

  #lost(player: PeerId, { name }: Standing): void {
    const { reason } = GONE;
    if (name === 'inviting' || name === 'accepting') this.#board.fail(player, 'left', reason);
    if (name === 'invited') this.#board.off(player, 'left', reason);
    if (name === 'guest' || name === 'host') this.#game.lose(player, reason);
    this.#board.delete(player);
    if (name !== 'unknown') this.#board.tell({ kind: 'player:lost', player });
  }

  #heard(player: PeerId, word: Word, now: Millis): void {
    const standing = this.#board.get(player) as Standing;
    const { name } = standing;
    if (word.kind === 'here') return this.#isHere(player, word, name);
    if (name === 'unknown') return;
    // What is said of an invitation that is history means nothing any more.
    const isMeant = 'number' in standing && 'number' in word && standing.number === word.number;
    switch (word.kind) {
      case 'join':
        if (name === 'inviting') return this.#game.seat(player, standing.number);
        return this.#invited(player, { kind: 'invite', number: 0 }, now);
      case 'invite':
        return this.#invited(player, word, now);
      case 'accept':
        return isMeant && name === 'inviting' ? this.#game.seat(player, word.number) : undefined;
      case 'confirm':
        return isMeant && name === 'accepting' ? this.#game.enter(player, word) : undefined;
      case 'decline':
        if (isMeant && name === 'inviting') this.#board.fail(player, word.code, word.reason);
        return;
      case 'withdraw':
        if (isMeant && name === 'invited') this.#board.off(player, word.code, word.reason);
        if (isMeant && name === 'accepting') this.#board.fail(player, word.code, word.reason);
        return;
      case 'roster':
        return name === 'host' ? this.#game.update(word) : undefined;
      case 'leave':
        if (name === 'guest' || name === 'host') this.#game.lose(player, word.reason);
    }
  }

  #isHere(player: PeerId, { openness, taken, size }: Of<'here'>, name: Standing['name']): void {
    const presence = { openness, taken, size };
    if (name === 'unknown') this.#board.set(player, { name: 'present' });
    const kind = name === 'unknown' ? 'player' : 'player:update';
    this.#board.tell({ kind, player, presence });
  }

  #invite(player: PeerId, deadline: Millis): void {
    const { hasRoom } = this.#game;
    if (this.#openness === 'closed') this.#board.fail(player, 'withdrawn', 'this lobby is closed');
    else if (hasRoom) this.#sendInvitation(player, deadline);
    else this.#board.fail(player, 'full', 'this player has no place to give');
  }

  /** Invites; in answer to the invitation of that number, where there is one. */
  #sendInvitation(player: PeerId, deadline: Millis, answers?: number): void {
    const number = ++this.#number;
    const isCounter = answers !== undefined;
    this.#board.set(player, { name: 'inviting', number, deadline, isCounter });
    this.#board.say(player, { kind: 'invite', number, ...(isCounter ? { answers } : {}) });
  }

  #invited(player: PeerId, word: Of<'invite'>, now: Millis): void {
    const standing = this.#board.get(player) as Standing;
    const { number } = word;
    switch (standing.name) {
      case 'inviting':
        return this.#crossed(player, standing, word, now);
      case 'invited':
        return this.#board.set(player, { name: 'invited', number });
      case 'present': {
        // The invitation that it answers was taken back on the way.
        if (word.answers !== undefined) return this.#refuse(player, number, WITHDRAWN);
        const refusal = this.#game.refusal(this.#openness);
        if (refusal) return this.#refuse(player, number, refusal);
        if (this.#openness === 'open') return this.#agree(player, number, now);
        this.#board.set(player, { name: 'invited', number });
        return this.#board.tell({ kind: 'invitation', player });
      }
      default:
        return this.#refuse(player, number, TAKEN);
    }
  }

  /** Both have invited each other. Both come to the same end by themselves, whatever is still on its way. */
  #crossed(player: PeerId, ours: Inviting, { number, answers }: Of<'invite'>, now: Millis): void {
    const theyHost = answers !== undefined;
    if (theyHost && (ours.isCounter || this.#game.hasGuests)) {
      this.#refuse(player, number, TAKEN);
      return this.#board.fail(player, 'full', 'both have guests already');
    }
    if (!theyHost && (ours.isCounter || this.#settings.id < player)) return;
    // Where theirs has been taken back meanwhile, they would take ours for a new one and wait for ever.
    this.#board.say(player, { kind: 'withdraw', number: ours.number, ...WITHDRAWN });
    this.#agree(player, number, now);
  }

  /** The program accepts, which it can do once at a time. */
  #accept(player: PeerId, number: number, now: Millis): void {
    if (this.#game.hasRoom) this.#agree(player, number, now);
    else this.#board.tell({ kind: 'failed', player, ...TAKEN });
  }

  /** Plays with who has invited: as its guest, or, where there are guests already, as its host. */
  #agree(player: PeerId, number: number, now: Millis): void {
    const { hasGuests, roster } = this.#game;
    if (this.#settings.isClassic) {
      this.#board.say(player, { kind: 'join' });
      if (hasGuests) return this.#game.seat(player, number);
      return this.#game.enter(player, { ...roster, players: [player, ...roster.players] });
    }
    const deadline = now + this.#settings.inviteTimeoutMs;
    if (hasGuests) return this.#sendInvitation(player, deadline, number);
    this.#board.set(player, { name: 'accepting', number, deadline });
    this.#board.say(player, { kind: 'accept', number });
    this.#board.withdrawAll('withdrawn', 'the player accepted another invitation');
  }

  #refuse(player: PeerId, number: number, refusal: Refusal): void {
    this.#board.say(player, { kind: 'decline', number, ...refusal });
  }

  #setOpenness(openness: Openness, now: Millis): void {
    this.#openness = openness;
    if (openness === 'closed') this.#board.withdrawAll('withdrawn', 'the player closed its lobby');
    for (const player of this.#board.all('invited')) {
      const standing = this.#board.get(player) as Standing & { readonly name: 'invited' };
      const refusal = this.#game.refusal(this.#openness);
      if (refusal) this.#board.decline(player, refusal.code, refusal.reason);
      else if (openness === 'open') this.#agree(player, standing.number, now);
    }
  }

  #showChanges(): void {
    const { openness, taken, size } = this.presence;
    const shown = this.#shown;
    if (openness === shown.openness && taken === shown.taken && size === shown.size) return;
    this.#shown = { openness, taken, size };
    for (const player of this.#board.players) {
      this.#board.say(player, { kind: 'here', ...this.#shown });
    }
  }
}
