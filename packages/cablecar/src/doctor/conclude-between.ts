import type { Observation } from './conclude-here.ts';
import type { Evidence, HostEvidence, ProgramEvidence } from './evidence.ts';
import type { FindingCode } from './findings.ts';
import { addressOf, contains, networkOf } from './ipv4-network.ts';

/** What has come from one machine to another. */
type Passed = Pick<HostEvidence, 'broadcast' | 'multicast' | 'unicast' | 'tcp'>;

/** Clocks may differ by so much before anybody cares. */
const CLOCK_TOLERANCE_MS = 5000;

/** What is found out about other machines and their programs. */
export function concludeBetween(evidence: Evidence): Observation[] {
  const { hosts, programs, udp } = evidence;
  const isAlone = hosts.length === 0 && programs.length === 0 && udp.state === 'open';
  return [
    ...(isAlone ? [{ code: 'NOBODY_HEARD' as const, where: '', seen: 'no beacon came' }] : []),
    ...programObservations(evidence),
    ...hosts.flatMap((host) => [...hostObservations(host, evidence), ...clockObservations(host)]),
  ];
}

function programObservations(evidence: Evidence): Observation[] {
  const { programs, service, serviceAsked } = evidence;
  const strangers = programs.filter(({ kind }) => kind === 'other-version');
  const others = programs.filter(({ kind }) => kind === 'other-service');
  const hasOurs = programs.some(({ kind }) => kind === 'ours');
  const observations = strangers.map(({ host, version }): Observation => ({
    code: 'OTHER_VERSION',
    where: host,
    seen: `a program at ${host} speaks version ${version}`,
  }));
  if (serviceAsked && others.length > 0 && !hasOurs) {
    const who = others.map(describe).join(', ');
    observations.push({
      code: 'OTHER_SERVICE',
      where: '',
      seen: `nobody of '${service}' was heard, but ${who}`,
    });
  }
  return [...observations, ...secretObservations(evidence), ...duplicates(programs)];
}

/** Whose secret is another one than the doctor's, one finding for each host. */
function secretObservations({ programs, hosts, hasSecret }: Evidence): Observation[] {
  const sealed = hostsOf(programs.filter(({ kind }) => kind === 'sealed'));
  if (!hasSecret) {
    if (sealed.length === 0) return [];
    const seen = `beacons from ${sealed.join(', ')} are sealed`;
    return [{ code: 'SECRET_UNKNOWN', where: '', seen }];
  }
  const open = hostsOf(programs.filter(({ kind, isSealed }) => kind === 'ours' && !isSealed));
  const told = hosts.filter(({ hasSameSecret }) => hasSameSecret === false);
  const all = [
    ...sealed.map((host) => [host, `a beacon from ${host} is sealed with another secret`] as const),
    ...open.map((host) => [host, `a program at ${host} has no secret`] as const),
    ...told.map(({ address }) => [address, `the doctor at ${address} has another secret`] as const),
  ];
  return [...new Map(all)].map(([where, seen]) => ({ code: 'SECRET_DIFFERS', where, seen }));
}

function hostsOf(programs: readonly ProgramEvidence[]): string[] {
  return [...new Set(programs.map(({ host }) => host))];
}

/** Programs of one service and name. The same program at two addresses of its machine is one. */
function duplicates(programs: readonly ProgramEvidence[]): Observation[] {
  const byName = new Map<string, Map<string, ProgramEvidence>>();
  for (const program of programs) {
    if (program.kind !== 'ours' && program.kind !== 'other-service') continue;
    const key = `${program.serviceHash} ${program.name}`;
    byName.set(
      key,
      (byName.get(key) ?? new Map<string, ProgramEvidence>()).set(program.id, program),
    );
  }
  return [...byName.values()]
    .filter(({ size }) => size > 1)
    .map((same) => {
      const [first, ...rest] = [...same.values()];
      const hosts = [first, ...rest].map((program) => program?.host).join(' and ');
      return { code: 'DUPLICATE_NAME', where: '', seen: `'${first?.name}' is at ${hosts}` };
    });
}

/** At most one cause for each host: what explains the most comes first. */
function hostObservations(host: HostEvidence, evidence: Evidence): Observation[] {
  const code = subnetFault(host, evidence) ?? pathFault(host, evidence);
  return code === undefined ? [] : [{ code, where: host.address, seen: sentence(host) }];
}

/** What is wrong with the addresses of the two, whatever passes between them all the same. */
function subnetFault(host: HostEvidence, { interfaces }: Evidence): FindingCode | undefined {
  const { address, word } = host;
  const own = interfaces.filter(({ loopback }) => !loopback).map(networkOf);
  if (own.length === 0) return undefined; // said already
  const around = own.filter((network) => contains(network, address));
  if (word === undefined) return around.length === 0 && isHeard(host) ? 'OTHER_SUBNET' : undefined;
  const theirs = word.networks.filter((network) => addressOf(network) === address);
  const isMutual = theirs.some((network) => own.some((one) => contains(network, addressOf(one))));
  if (around.length === 0) return isMutual ? 'WRONG_NETMASK' : 'OTHER_SUBNET';
  const isSame = around.some((one) => theirs.some((other) => lengthOf(one) === lengthOf(other)));
  return theirs.length > 0 && !isSame ? 'WRONG_NETMASK' : undefined;
}

function pathFault(host: HostEvidence, evidence: Evidence): FindingCode | undefined {
  const { dial, tcp, word } = host;
  const there = word?.received;
  const reaches = dial === 'answered' || dial === 'connected' || dial === 'stalled';
  const hears = isHeard(host);
  const isHeardThere = there !== undefined && isHeard(there);
  if (!reaches && !tcp && !hears && !isHeardThere) return silenceFault(host, evidence);
  if (dial === 'stalled' || there?.dial === 'stalled') return 'MTU_TOO_SMALL';
  if (!hears && !isHeardThere) return 'UDP_BLOCKED';
  if (!reaches && dial !== undefined) {
    if (dial === 'no-route') return 'NO_ROUTE';
    return tcp ? 'TCP_ONE_WAY' : 'TCP_BLOCKED';
  }
  const passes = there && {
    broadcast: host.broadcast || there.broadcast,
    multicast: host.multicast || there.multicast,
  };
  if (passes && !passes.broadcast)
    return passes.multicast ? 'BROADCAST_FILTERED' : 'DISCOVERY_FILTERED';
  if (there !== undefined && hears !== isHeardThere) return 'UDP_ONE_WAY';
  const failsThere = there?.dial !== undefined && !['answered', 'connected'].includes(there.dial);
  if (failsThere && !tcp) return 'TCP_ONE_WAY';
  return passes?.multicast === false ? 'MULTICAST_FILTERED' : undefined;
}

/** Why nothing at all passes between this machine and one that was asked for. */
function silenceFault(
  { address, dial, onLink }: HostEvidence,
  { interfaces }: Evidence,
): FindingCode {
  if (dial === 'no-route') return 'NO_ROUTE';
  if (dial === 'refused') return 'NOTHING_LISTENS';
  const isNear = interfaces.some((one) => !one.loopback && contains(networkOf(one), address));
  if (!isNear) return 'OTHER_SUBNET';
  return onLink === false || (dial === 'unreachable' && onLink === undefined)
    ? 'CLIENT_ISOLATION'
    : 'HOST_SILENT';
}

function clockObservations({ address, word, wordAtMs }: HostEvidence): Observation[] {
  const skewMs = word === undefined ? 0 : word.wallMs - wordAtMs;
  if (Math.abs(skewMs) < CLOCK_TOLERANCE_MS) return [];
  const seconds = Math.round(Math.abs(skewMs) / 1000);
  const seen = `the clock of ${address} is ${seconds} s ${skewMs > 0 ? 'ahead' : 'behind'}`;
  return [{ code: 'CLOCK_SKEW', where: address, seen }];
}

/** What passed and what did not, in words. */
function sentence({ address, dial, word, ...received }: HostEvidence): string {
  const yes = (what: string, is: boolean): string => `${what} ${is ? 'yes' : 'no'}`;
  const came = ({ broadcast, multicast, unicast, tcp }: Passed): string => {
    const datagrams = [
      yes('broadcast', broadcast),
      yes('multicast', multicast),
      yes('unicast', unicast),
    ];
    return [...datagrams, yes('connection', tcp)].join(', ');
  };
  const parts = [`from ${address}: ${came(received)}`, `dialling it: ${dial ?? 'not tried'}`];
  const there = word?.received;
  if (there !== undefined) {
    parts.push(`what it has from here: ${came(there)}`);
  }
  if (word !== undefined) parts.push(`its networks: ${word.networks.join(', ')}`);
  return parts.join('; ');
}

function isHeard({ broadcast, multicast, unicast }: Omit<Passed, 'tcp'>): boolean {
  return broadcast || multicast || unicast;
}

function lengthOf(network: string): string {
  return network.split('/')[1] ?? '';
}

function describe({ name, host, serviceHash }: ProgramEvidence): string {
  return `${name} at ${host} (service ${serviceHash})`;
}
