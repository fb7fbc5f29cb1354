import type { Message, PeerId } from '@cablecar/core-protocol';
import type { Messenger } from '@cablecar/messenger';
import { Answers, refusalError } from './answers.ts';
import type { LobbyEvents } from './events.ts';
import type { Invitation } from './invitation.ts';
import type { LobbyMachine } from './lobby-machine.ts';
import type { LobbyEvent } from './lobby-types.ts';
import { Match } from './match.ts';
import { Player } from './player.ts';
import { WITHDRAWN } from './refusals.ts';
import type { Refusal } from './words.ts';

/** What a view needs of its lobby. */
export interface LobbyViewOptions<M extends Message> {
  readonly peers: ReadonlyMap<PeerId, Messenger<M>>;
  readonly machine: LobbyMachine;
  /** Tells the user. */
  deliver<Name extends keyof LobbyEvents<M>>(
    event: Name,
    ...value: Parameters<LobbyEvents<M>[Name]>
  ): void;
  accept(invitation: Invitation<M>): Promise<Match<M>>;
  decline(invitation: Invitation<M>, reason: string): void;
  leave(reason: string): void;
}

/** What the program sees of a lobby: players, invitations and the match, made of what the rules tell. */
export class LobbyView<M extends Message> {
  readonly players: Map<PeerId, Player<M>> = new Map();
  readonly invitations: Map<PeerId, Invitation<M>> = new Map();
  readonly answers: Answers<Match<M>> = new Answers();
  match: Match<M> | undefined;
  readonly #lobby: LobbyViewOptions<M>;

  constructor(lobby: LobbyViewOptions<M>) {
    this.#lobby = lobby;
  }

  take(event: LobbyEvent): void {
    switch (event.kind) {
      case 'player':
        return this.#met(event);
      case 'player:update':
        this.players.get(event.player)?.show(event.presence);
        return this.updated(this.#lobby.peers.get(event.player));
      case 'player:lost':
        return this.#lost(event.player);
      case 'invitation':
        return this.#invited(this.players.get(event.player));
      case 'invitation:off':
        return this.#off(event.player, event);
      case 'failed':
        return this.#failed(event.player, event);
      case 'seated':
        return this.#plays(event.player, undefined);
      case 'entered':
        return this.#plays(event.player, this.players.get(event.player));
      case 'unseated':
      case 'roster':
        return this.#refresh();
      case 'ended': {
        const { match } = this;
        this.match = undefined;
        match?.end(event.reason);
      }
    }
  }

  /** A player shows itself differently. */
  updated(peer: Messenger<M> | undefined): void {
    const player = peer && this.players.get(peer.info.id);
    if (player && player.peer === peer) this.#lobby.deliver('player:update', player);
  }

  #met({ player: id, presence }: LobbyEvent & { readonly kind: 'player' }): void {
    const peer = this.#lobby.peers.get(id);
    if (peer === undefined) return; // gone already
    const player = new Player(peer, presence);
    this.players.set(id, player);
    this.#lobby.deliver('player', player);
    this.#refresh();
  }

  #lost(id: PeerId): void {
    const player = this.players.get(id);
    if (player === undefined) return;
    this.players.delete(id);
    this.#refresh();
    this.#lobby.deliver('player:lost', player);
  }

  #invited(from: Player<M> | undefined): void {
    if (from === undefined) return;
    const lobby = this.#lobby;
    const invitations = this.invitations;
    const invitation: Invitation<M> = {
      from,
      async accept() {
        if (invitations.get(from.id) !== invitation) throw refusalError(WITHDRAWN);
        return lobby.accept(invitation);
      },
      decline(reason = '') {
        if (invitations.get(from.id) === invitation) lobby.decline(invitation, reason);
      },
    };
    invitations.set(from.id, invitation);
    lobby.deliver('invitation', invitation);
  }

  #off(id: PeerId, { code, reason }: Refusal): void {
    const invitation = this.invitations.get(id);
    if (invitation === undefined) return;
    this.invitations.delete(id);
    this.#lobby.deliver('invitation:off', { invitation, code, reason });
  }

  #failed(id: PeerId, refusal: Refusal): void {
    // One that could not be accepted just now may be later.
    if (this.#lobby.machine.standing(id) !== 'invited') this.#off(id, refusal);
    this.answers.reject(id, refusalError(refusal));
  }

  #plays(id: PeerId, host: Player<M> | undefined): void {
    this.invitations.delete(id);
    const isNew = this.match === undefined;
    const { size } = this.#lobby.machine.roster;
    this.match ??= new Match(host, size, (reason) => this.#lobby.leave(reason));
    this.#refresh();
    if (isNew) this.#lobby.deliver('match', this.match);
    this.answers.resolve(id, this.match);
  }

  #refresh(): void {
    const { players, size } = this.#lobby.machine.roster;
    this.match?.update(
      players.flatMap((id) => this.players.get(id) ?? []),
      size,
    );
  }
}
