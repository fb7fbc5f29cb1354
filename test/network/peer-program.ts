import type { JoinOptions } from 'cablecar';
import { ahead } from '../support/ahead.ts';
import { bundle } from '../support/bundle.ts';
import { Program } from '../support/program.ts';
import type { LanHost } from './lan-host.ts';

/** The options of `join()` that test/system/programs/peer.ts is given. */
export type PeerOptions = Omit<JoinOptions, 'messages'> & { readonly name: string };

const LOADING_MS = 60_000;

/** Starts test/system/programs/peer.ts on a host; resolves when its code is loaded. */
export async function loaded(host: LanHost, options: PeerOptions): Promise<Program> {
  const path = await bundle('test/system/programs/peer.ts');
  const command = ahead([process.execPath, path, JSON.stringify(options)]);
  const program = new Program(`peer ${options.name}`, [...host.inside, ...command]);
  await program.next(({ kind }) => kind === 'loaded', { timeoutMs: LOADING_MS });
  return program;
}

/** The same, once it has joined. */
export async function joined(host: LanHost, options: PeerOptions): Promise<Program> {
  const program = await loaded(host, options);
  program.tell({ do: 'join' });
  await program.next(({ kind }) => kind === 'joined');
  return program;
}
