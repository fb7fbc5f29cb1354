import {
  CableCarError,
  Driver,
  Emitter,
  type Message,
  type Metadata,
  type PeerId,
  type WireName,
} from '@cablecar/core-protocol';
import type { CloseOptions, Messenger } from '@cablecar/messenger';
import type { Mesh } from '../mesh.ts';
import { refusalError } from './answers.ts';
import type { LobbyEvents } from './events.ts';
import type { Invitation } from './invitation.ts';
import { LobbyMachine } from './lobby-machine.ts';
import type { LobbyAction, LobbyEvent, LobbyInput } from './lobby-types.ts';
import { LobbyView } from './lobby-view.ts';
import type { Match } from './match.ts';
import {
  checkOpenness,
  checkTimeout,
  type InviteOptions,
  type ResolvedLobbyOptions,
} from './options.ts';
import type { Player } from './player.ts';
import { GONE, WITHDRAWN } from './refusals.ts';
import { classicVoice, NATIVE_VOICE, type Voice } from './voice.ts';
import type { Openness, Word } from './words.ts';

/** Players who see each other, invite each other, and play. Made by {@link joinLobby}. */
export class Lobby<M extends Message = Message>
  extends Emitter<LobbyEvents<M>>
  implements AsyncDisposable
{
  /** Everybody who is connected, with a lobby or without one. */
  readonly mesh: Mesh<M>;
  readonly #voice: Voice;
  readonly #inviteTimeoutMs: number;
  readonly #machine: LobbyMachine;
  readonly #driver: Driver<LobbyInput, LobbyAction, LobbyEvent>;
  readonly #peers = new Map<PeerId, Messenger<M>>();
  readonly #view: LobbyView<M>;

  /** @internal */
  constructor(mesh: Mesh<M>, options: ResolvedLobbyOptions & { readonly wire: WireName }) {
    super();
    const { wire, openness, size, inviteTimeoutMs } = options;
    const isClassic = wire !== 'native';
    this.mesh = mesh;
    this.#inviteTimeoutMs = inviteTimeoutMs;
    this.#voice = isClassic ? classicVoice(() => mesh.name) : NATIVE_VOICE;
    this.#machine = new LobbyMachine({
      // On a classic wire it is known once the mesh has started.
      get id() {
        return mesh.id;
      },
      ...{ isClassic, openness, size, inviteTimeoutMs },
    });
    this.#driver = new Driver({
      machine: this.#machine,
      clock: mesh.clock,
      perform: (action) => this.#perform(action),
      deliver: (event) => this.#view.take(event),
    });
    this.#view = new LobbyView({
      peers: this.#peers,
      machine: this.#machine,
      deliver: (event, ...value) => void this.deliver(event, ...value),
      accept: ({ from }) => this.#ask(from, { kind: 'accept', player: from.id }),
      decline: ({ from: { id } }, reason) =>
        this.#driver.feed({ kind: 'decline', player: id, reason }),
      leave: (reason) => this.#driver.feed({ kind: 'leave', reason }),
    });
    mesh.on('peer', (peer) => this.#meet(peer));
    mesh.on('peer:lost', (peer) => this.#lose(peer));
    mesh.on('peer:update', (peer) => this.#view.updated(peer));
    mesh.on('warning', (error) => void this.deliver('warning', error));
    mesh.on('close', () => this.#closed());
  }

  /** Who is there, by id. */
  get players(): ReadonlyMap<PeerId, Player<M>> {
    return this.#view.players;
  }

  /** The invitations that wait for an answer, by the inviter's id. */
  get invitations(): ReadonlyMap<PeerId, Invitation<M>> {
    return this.#view.invitations;
  }

  /** The match that this player is in. */
  get match(): Match<M> | undefined {
    return this.#view.match;
  }

  /** How this player takes invitations. */
  get openness(): Openness {
    return this.#machine.presence.openness;
  }

  /**
   * Changes how invitations are taken, which answers those that wait: `'open'` accepts the first, `'invite-only'`
   * declines all, `'closed'` also takes this player's own back.
   * @throws {CableCarError} ERR_OPTION
   */
  setOpenness(openness: Openness): void {
    checkOpenness(openness);
    this.#driver.feed({ kind: 'openness', openness });
  }

  /**
   * Changes what others see of this player; see {@link Mesh.setMetadata}.
   * @throws {CableCarError} ERR_OPTION
   */
  setMetadata(metadata: Metadata): void {
    this.mesh.setMetadata(metadata);
  }

  /**
   * Asks a player to play. Resolves to the match, which is hosted by this player, or by the other one if both invited
   * each other or the other one has guests. An invitation that waits from that player is accepted.
   * @throws {CableCarError} ERR_INVITATION_DECLINED, ERR_TIMEOUT, ERR_INVITATION_WITHDRAWN, ERR_LOBBY_FULL,
   *   ERR_PLAYER_LEFT, ERR_STATE where an answer is waited for already, ERR_OPTION, ERR_CLOSED (rejects), or
   *   `signal.reason`
   */
  async invite(
    player: Player<M>,
    { timeoutMs = this.#inviteTimeoutMs, signal }: InviteOptions = {},
  ): Promise<Match<M>> {
    checkTimeout('timeoutMs', timeoutMs);
    signal?.throwIfAborted();
    const { id } = player;
    const abort = (): void => {
      this.#view.answers.reject(id, signal?.reason);
      this.withdraw(player);
    };
    signal?.addEventListener('abort', abort, { once: true });
    try {
      return await this.#ask(player, { kind: 'invite', player: id, timeoutMs });
    } finally {
      signal?.removeEventListener('abort', abort);
    }
  }

  /** Takes back an invitation to a player, or that one from it was accepted: the promise rejects. */
  withdraw(player: Player<M>): void {
    const { id } = player;
    if (this.#view.players.get(id) === player)
      this.#driver.feed({ kind: 'withdraw', player: id, reason: WITHDRAWN.reason });
  }

  /** Leaves the match and the lobby: tells everybody, and closes the mesh. Idempotent; never rejects. */
  close(options: CloseOptions = {}): Promise<void> {
    if (!this.mesh.closed) {
      this.#driver.feed({ kind: 'leave', reason: GONE.reason });
      this.#view.answers.rejectAll(closedError());
      for (const peer of this.#peers.values()) {
        this.#attempt(peer, (messenger) => this.#voice.leave(messenger));
        this.#lose(peer); // whatever is still said means nothing any more
      }
    }
    return this.mesh.close(options);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #ask(player: Player<M>, input: LobbyInput): Promise<Match<M>> {
    const { id } = player;
    if (this.mesh.closed) throw closedError();
    if (this.#view.players.get(id) !== player) throw refusalError(GONE);
    const standing = this.#machine.standing(id);
    const { match } = this.#view;
    if (match && (standing === 'guest' || standing === 'host')) return match;
    if (this.#view.answers.has(id))
      throw new CableCarError('ERR_STATE', `${player.name} was asked already, expected its answer`);
    const answer = this.#view.answers.wait(id);
    this.#driver.feed(input);
    return answer;
  }

  #meet(peer: Messenger<M>): void {
    const { id } = peer.info;
    const former = this.#peers.get(id);
    if (former) this.#lose(former);
    this.#peers.set(id, peer);
    const hear = (word: Word): void => {
      if (this.#peers.get(id) === peer) this.#driver.feed({ kind: 'heard', player: id, word });
    };
    this.#attempt(peer, (messenger) => this.#voice.listen(messenger, hear));
    this.#driver.feed({ kind: 'met', player: id });
  }

  #lose(peer: Messenger<M>): void {
    const { id } = peer.info;
    if (this.#peers.get(id) !== peer) return;
    this.#peers.delete(id);
    this.#driver.feed({ kind: 'lost', player: id });
  }

  #perform({ player, ...action }: LobbyAction): void {
    const peer = this.#peers.get(player);
    if (peer === undefined) return;
    this.#attempt(peer, (messenger) => {
      if (action.kind === 'part') this.#voice.part(messenger);
      else this.#voice.say(messenger, action.word);
    });
  }

  /** Says something to a peer. Where that cannot be, the two could not agree any more, and lose each other. */
  #attempt(peer: Messenger<M>, say: (messenger: Messenger) => void): void {
    try {
      say(peer);
    } catch (error) {
      // That it is closed already is told by itself.
      if (!CableCarError.is(error, 'ERR_CLOSED')) {
        this.deliver('warning', CableCarError.from(error, 'ERR_STATE', 'a player was not told'));
        peer.destroy();
      }
    }
  }

  #closed(): void {
    this.#driver.stop();
    this.#view.answers.rejectAll(closedError());
    this.deliver('close');
  }
}

function closedError(): CableCarError {
  return new CableCarError('ERR_CLOSED', 'the lobby has closed, expected it to be open');
}
