import type { Contender } from '../contender.ts';
import type { Finder } from '../finder.ts';
import { cablecarEncrypted, cablecarPlain } from './cablecar-finder.ts';
import {
  cablecarAwait,
  cablecarBatches,
  cablecarBusy,
  cablecarBytes,
  cablecarGet,
  cablecarJson,
  cablecarState,
  cablecarTls,
} from './cablecar.ts';
import { netEach, netInPlace, netJoined } from './net.ts';
import { netJson } from './net-json.ts';

/** The contenders that need nothing installed. */
const OWN: Readonly<Record<string, Contender | Finder>> = {
  'net joined': netJoined,
  'net in place': netInPlace,
  'net each': netEach,
  'net json': netJson,
  'cablecar bytes': cablecarBytes,
  'cablecar tls': cablecarTls,
  'cablecar busy': cablecarBusy,
  'cablecar state': cablecarState,
  'cablecar json': cablecarJson,
  'cablecar batches': cablecarBatches,
  'cablecar for await': cablecarAwait,
  'cablecar get': cablecarGet,
  cablecar: cablecarEncrypted,
  'cablecar plain': cablecarPlain,
};

/** Where the rivals are, which are installed on demand. */
const RIVALS: string = new URL('../../rivals/index.js', import.meta.url).href;

/** The contender of a name, one of ours or a rival. */
export async function contenderOf(name: string): Promise<Contender | Finder> {
  const contender = OWN[name] ?? (await rivalOf(name));
  if (contender === undefined) throw new Error(`nobody is called '${name}'`);
  return contender;
}

async function rivalOf(name: string): Promise<Contender | Finder | undefined> {
  const rivals = (await import(RIVALS)) as {
    load(name: string): Promise<Contender | Finder | undefined>;
  };
  return rivals.load(name);
}
