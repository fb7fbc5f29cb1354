/**
 * Who plays with whom: players, invitations and matches.
 * @module cablecar/lobby
 */
export type { InvitationOff, LobbyEvents } from './events.ts';
export type { Invitation } from './invitation.ts';
export { joinLobby } from './join-lobby.ts';
export type { Lobby } from './lobby.ts';
export type { Match, MatchEvents } from './match.ts';
export type { InviteOptions, LobbyOptions } from './options.ts';
export type { Player } from './player.ts';
export type { Failure, Openness, Refusal } from './words.ts';
