import type { Evidence, InterfaceEvidence, PortEvidence } from './evidence.ts';
import type { FindingCode } from './findings.ts';
import { networkOf, overlap } from './ipv4-network.ts';

/** A finding before it is looked up in the table. */
export interface Observation {
  readonly code: FindingCode;
  /** The interface, host or program that it is about; empty where it is about the machine. */
  readonly where: string;
  /** What was seen, in a sentence without its full stop. */
  readonly seen: string;
}

const BRIDGES = /^(docker|br-|veth|virbr|vmnet|vboxnet|lxc|cni|podman|vEthernet)/i;
const TUNNELS = /^(tun|tap|wg|utun|ppp|ipsec|tailscale|zt|nordlynx|proton)/i;
const FORBIDDEN = ['EPERM', 'EACCES'];
const NO_WAY = ['ENETUNREACH', 'ENETDOWN'];
const NO_NEIGHBOUR = ['EHOSTUNREACH', 'EHOSTDOWN'];

/** What one machine can find out by itself. */
export function concludeHere(evidence: Evidence): Observation[] {
  const { interfaces, hosts, inContainer, inWsl, changes } = evidence;
  const outward = interfaces.filter(({ loopback }) => !loopback);
  // Whoever hears others has the network that they are on.
  const isHeard = hosts.some(({ broadcast }) => broadcast);
  const about = (code: FindingCode, where: string, seen: string): Observation[] => [
    { code, where, seen },
  ];
  return [
    ...networkObservations(evidence),
    ...portObservations(evidence.udp, 'UDP'),
    ...portObservations(evidence.tcp, 'TCP'),
    ...(inContainer && !isHeard ? about('IN_CONTAINER', '', 'this system is a container') : []),
    ...(inWsl && !isHeard ? about('INSIDE_WSL', '', 'this system is Linux under Windows') : []),
    ...interfaces.flatMap((network) => interfaceObservations(network, evidence)),
    ...overlaps(outward),
    ...changes.flatMap(({ name, seen }) => about('ADDRESS_CHANGED', name, seen)),
  ];
}

function networkObservations({ interfaces, selection }: Evidence): Observation[] {
  const isMissing = selection !== 'loopback' && interfaces.every(({ loopback }) => loopback);
  if (!isMissing) return [];
  const names = interfaces.map(({ name }) => name).join(', ');
  const seen =
    typeof selection === 'string'
      ? `only ${names || 'nothing'} is up`
      : `none of ${selection.join(', ')} is up`;
  return [{ code: 'NO_NETWORK', where: '', seen }];
}

function portObservations(
  { port, state, holder }: PortEvidence,
  kind: 'UDP' | 'TCP',
): Observation[] {
  if (state === 'open') return [];
  if (state !== 'in-use') {
    return [
      { code: 'PORT_FORBIDDEN', where: '', seen: `${kind} port ${port} could not be opened` },
    ];
  }
  const who = holder === undefined ? 'another program' : holder;
  const code = kind === 'UDP' ? 'UDP_PORT_IN_USE' : 'TCP_PORT_IN_USE';
  return [{ code, where: '', seen: `${kind} port ${port} is held by ${who}` }];
}

function interfaceObservations(
  network: InterfaceEvidence,
  { udp, platform }: Evidence,
): Observation[] {
  const { name, address, broadcast, loopback, sendErrors, heardItself, dialledItself } = network;
  const about = (code: FindingCode, seen: string): Observation => ({ code, where: name, seen });
  const kind = BRIDGES.test(name) ? 'CONTAINER_BRIDGE' : TUNNELS.test(name) ? 'VPN' : undefined;
  const observations: Observation[] = kind ? [about(kind, `${name} has ${address}`)] : [];
  if (address.startsWith('169.254.')) {
    observations.push(about('SELF_ASSIGNED', `${name} has ${address}`));
  }
  if (dialledItself === false) {
    observations.push(about('FIREWALL_TCP_HERE', `no connection to ${address} was made`));
  }
  if (broadcast === undefined) {
    return [...observations, about('NO_BROADCAST', `${name} has ${networkOf(network)}`)];
  }
  const refusal = sendFault(sendErrors, platform);
  if (refusal !== undefined) {
    const seen = `a broadcast from ${address} failed with ${sendErrors.join(', ')}`;
    observations.push(about(refusal, seen));
  } else if (udp.state === 'open' && !heardItself && !loopback) {
    observations.push(
      about('FIREWALL_UDP_HERE', `the beacon sent from ${address} did not come back`),
    );
  }
  return observations;
}

/** What keeps an interface from sending; what was refused once and went another time is no fault. */
function sendFault(
  errors: readonly string[],
  platform: Evidence['platform'],
): FindingCode | undefined {
  const has = (codes: readonly string[]): boolean => errors.some((code) => codes.includes(code));
  if (platform === 'macos' && has(NO_NEIGHBOUR)) return 'LOCAL_NETWORK_PRIVACY';
  if (has(FORBIDDEN)) return 'SEND_FORBIDDEN';
  return has([...NO_WAY, ...NO_NEIGHBOUR]) ? 'NO_ROUTE' : undefined;
}

function overlaps(networks: readonly InterfaceEvidence[]): Observation[] {
  return networks.flatMap((one, index) =>
    networks.slice(index + 1).flatMap((other): Observation[] => {
      const [mine, theirs] = [networkOf(one), networkOf(other)];
      if (one.name === other.name || !overlap(mine, theirs)) return [];
      const seen = `${one.name} has ${mine} and ${other.name} has ${theirs}`;
      return [{ code: 'SAME_SUBNET_TWICE', where: one.name, seen }];
    }),
  );
}
