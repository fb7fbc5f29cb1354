import { lookup } from 'node:dns/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { CableCarError } from '@cablecar/core-protocol';
import { nodeTransport } from '@cablecar/transport';
import { resolveDiagnoseOptions, type DiagnoseOptions } from '../options.ts';
import { conclude, type Diagnosis } from './diagnosis.ts';
import { answersOnLink, isContainer, isWsl, platformOf } from './surroundings.ts';
import { Survey } from './survey.ts';

/** The first beacons follow quickly, since one may be lost. */
const BURST_MS: readonly number[] = [0, 100, 200, 400];
const ANNOUNCE_MS = 500;
/** A host is dialled when the first beacons have had time to arrive there. */
const DIAL_AFTER_MS = 1000;
/** Longest that Node can wait at a time. */
const FOREVER_MS = 2 ** 31 - 1;

/**
 * Finds out why programs on the network do not meet: looks at every interface, sends beacons and listens for its own
 * and others', dials what it hears, and names the causes of what does not work. With a doctor at `host` as well it
 * tells what passes between the two machines. Opens the ports that programs use, beside them.
 * @throws {CableCarError} ERR_OPTION, ERR_WEAK_SECRET, ERR_HOST_UNKNOWN (rejects)
 */
export async function diagnose(options: DiagnoseOptions = {}): Promise<Diagnosis> {
  const resolved = resolveDiagnoseOptions(options);
  const { host, service, serviceAsked, secret, waitMs } = resolved;
  const asked = host === undefined ? undefined : await addressOf(host);
  const survey = new Survey(resolved, nodeTransport(), asked);
  const end = new AbortController();
  const signal = AbortSignal.any([end.signal, ...(options.signal ? [options.signal] : [])]);
  try {
    await survey.open();
    const rounds = [announceUntil(signal, survey), dialUntil(signal, survey)];
    await pause(Math.min(waitMs, FOREVER_MS), signal);
    end.abort();
    await Promise.all(rounds);
    for (const silent of survey.silentHosts) silent.onLink = await answersOnLink(silent.address);
  } finally {
    end.abort();
    await survey.close();
  }
  return conclude({
    platform: platformOf(process.platform),
    inContainer: isContainer(),
    inWsl: isWsl(),
    service,
    serviceAsked,
    hasSecret: secret !== undefined,
    selection: resolved.interfaces,
    ...survey.seen,
  });
}

async function announceUntil(signal: AbortSignal, survey: Survey): Promise<void> {
  for (const gapMs of BURST_MS) {
    await pause(gapMs, signal);
    survey.announce();
  }
  while (!signal.aborted) {
    await pause(ANNOUNCE_MS, signal);
    survey.announce();
  }
}

/** Dials each host once; the attempts that are under way at the end are waited for, they have their own time limits. */
async function dialUntil(signal: AbortSignal, survey: Survey): Promise<void> {
  const untilDone = new AbortController().signal;
  const attempts = [survey.dialItself(untilDone)];
  do {
    await pause(DIAL_AFTER_MS, signal);
    attempts.push(survey.dial(untilDone));
  } while (!signal.aborted);
  await Promise.all(attempts);
}

/** Waits, but no longer than until the signal aborts. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (ms > 0 && !signal.aborted) await wait(ms, undefined, { signal }).catch(() => {});
}

async function addressOf(host: string): Promise<string> {
  try {
    return (await lookup(host, { family: 4 })).address;
  } catch (cause) {
    const sentence = `'${host}' was not found, expected the name or IPv4 address of a machine`;
    throw CableCarError.from(cause, 'ERR_HOST_UNKNOWN', sentence);
  }
}
