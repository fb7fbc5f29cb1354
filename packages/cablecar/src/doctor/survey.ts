import {
  BEACON_GROUPS,
  encodeBeacon,
  type BeaconRoad,
  serviceHash,
  type DatagramPort,
  type Endpoint,
  type NetworkInterface,
  type Transport,
} from '@cablecar/core-protocol';
import { enumerateInterfaces, selectInterfaces } from '@cablecar/transport';
import type { ResolvedDiagnoseOptions } from '../options.ts';
import { BeaconMouths } from './beacon-mouths.ts';
import { beaconOrigin, DOCTOR_SERVICE, programAt } from './beacon-origin.ts';
import { Consultations } from './consultations.ts';
import type { Evidence, PortEvidence, ProgramEvidence } from './evidence.ts';
import type { Hello } from './hello.ts';
import { HostRecord } from './host-record.ts';
import { isIPv4, networkOf } from './ipv4-network.ts';
import { portEvidence } from './port-evidence.ts';
import { PresentInterfaces } from './present-interfaces.ts';
import { SecretCheck } from './secret-check.ts';
import { decodeWord, encodeWord, type Word } from './word.ts';

const MAX_HOSTS = 64;
const MAX_PROGRAMS = 256;
/** A doctor that was not heard for so long is not answered any more: it may never have been there. */
const SILENCE_MS = 10_000;

/** What a survey saw: evidence, but for what is no matter of the network. */
export type Seen = Pick<Evidence, 'udp' | 'tcp' | 'interfaces' | 'programs' | 'hosts' | 'changes'>;

/** Sends and hears beacons, dials and is dialled, and keeps what came of it. */
export class Survey {
  readonly #options: ResolvedDiagnoseOptions;
  readonly #transport: Transport;
  readonly #id: string;
  readonly #epoch: string;
  readonly #networks: readonly NetworkInterface[];
  readonly #mouths = new BeaconMouths();
  readonly #consultations: Consultations;
  readonly #programs = new Map<string, ProgramEvidence>();
  readonly #hosts = new Map<string, HostRecord>();
  readonly #heardItself = new Set<string>();
  readonly #dialledItself = new Map<string, boolean>();
  readonly #present = new PresentInterfaces();
  #ear: DatagramPort | undefined;
  #udp!: PortEvidence;
  #tcp!: PortEvidence;
  #secret = new SecretCheck(undefined);

  constructor(options: ResolvedDiagnoseOptions, transport: Transport, asked: string | undefined) {
    this.#options = options;
    this.#transport = transport;
    this.#id = Buffer.from(transport.random.bytes(16)).toString('hex');
    this.#epoch = Buffer.from(transport.random.bytes(8)).toString('hex');
    const selected = selectInterfaces(enumerateInterfaces(), options.interfaces);
    this.#networks = selected.filter(isIPv4);
    this.#consultations = new Consultations(transport, {
      helloTo: (address) => ({ id: this.#id, name: options.name, word: this.#wordTo(address) }),
      onHello: (address, hello, isVisitor) => this.#consulted(address, hello, isVisitor),
    });
    if (asked !== undefined) this.#hosts.set(asked, new HostRecord(asked, true));
  }

  /** Opens what can be opened. */
  async open(): Promise<void> {
    const { udpPort: port, tcpPort, interfaces, service, secret } = this.#options;
    if (secret !== undefined) {
      this.#secret = new SecretCheck(await this.#transport.stretch(secret, service));
    }
    const strict = tcpPort !== undefined;
    this.#tcp = await this.#consultations.open(tcpPort ?? port, { interfaces, strict });
    const onDatagram = (bytes: Uint8Array, from: Endpoint): void => this.#hear(bytes, from);
    try {
      await this.#mouths.open(this.#networks, { transport: this.#transport, port, onDatagram });
      this.#ear = await this.#transport.openDatagrams({
        port, // last of those that share it: what is sent to this host alone comes to the last
        interfaces,
        groups: BEACON_GROUPS,
        handlers: {
          onDatagram,
          onInterfaces: (present) => this.#present.become(present),
          onWarning: () => {}, // the mouths tell theirs
        },
      });
      this.#present.begin(this.#ear.interfaces);
      this.#udp = { port, state: 'open', holder: undefined };
    } catch (error) {
      this.#udp = await portEvidence('udp', port, error);
    }
  }

  /** Tells everybody that there is a doctor, and each doctor what came from it. */
  announce(): void {
    this.#mouths.broadcast(this.#beacon('announce', this.#word()), 'everywhere');
    this.#mouths.broadcast(this.#beacon('announce', this.#word(), 'multicast'), 'group');
    const { clock } = this.#transport;
    for (const { address, endpoint, asked, heardAtMs } of this.#hosts.values()) {
      if (!asked && clock.now() - heardAtMs > SILENCE_MS) continue;
      const to = endpoint ?? { host: address, port: this.#options.udpPort };
      this.#ear?.send(this.#beacon('answer', this.#wordTo(address)), to);
    }
  }

  /** Dials every host that was not dialled yet. Resolves when all of them have answered, or not. */
  async dial(signal: AbortSignal): Promise<void> {
    const { tcpPort, udpPort } = this.#options;
    const pending = [...this.#hosts.values()].filter(({ isDialled }) => !isDialled);
    const dialled = pending.map(async (host) => {
      host.isDialled = true;
      const port = host.port ?? tcpPort ?? udpPort;
      host.dial = await this.#consultations.dial(host.address, port, signal);
    });
    await Promise.all(dialled);
  }

  /** Tries whether connections to this machine's own addresses are made. */
  async dialItself(signal: AbortSignal): Promise<void> {
    const { port } = this.#consultations;
    if (port === 0) return;
    const dialled = this.#networks.map(async ({ address }) => {
      const outcome = await this.#consultations.dial(address, port, signal);
      this.#dialledItself.set(address, outcome === 'answered');
    });
    await Promise.all(dialled);
  }

  /** The hosts of which nothing came back. */
  get silentHosts(): HostRecord[] {
    const isSilent = ({ isHeard, tcp, dial }: HostRecord): boolean =>
      !isHeard && !tcp && (dial === 'timeout' || dial === 'unreachable');
    return [...this.#hosts.values()].filter(isSilent);
  }

  get seen(): Seen {
    return {
      udp: this.#udp,
      tcp: this.#tcp,
      interfaces: this.#networks.map((network) => ({
        ...network,
        heardItself: this.#heardItself.has(network.address),
        sendErrors: this.#mouths.errorsOf(network.address),
        dialledItself: this.#dialledItself.get(network.address),
      })),
      programs: [...this.#programs.values()],
      hosts: [...this.#hosts.values()].map(({ evidence }) => evidence),
      changes: this.#present.changes,
    };
  }

  async close(): Promise<void> {
    await Promise.all([this.#mouths.close(), this.#ear?.close(), this.#consultations.close()]);
  }

  #hear(bytes: Uint8Array, from: Endpoint): void {
    // It looks at IPv4 alone: who is heard by IPv6 as well is there twice.
    if (from.host.includes(':')) return;
    const opened = this.#secret.open(bytes, from);
    const origin = beaconOrigin(opened ?? bytes, this.#options.service);
    if (origin === undefined) return;
    const isSealed = opened !== undefined || origin.kind === 'sealed';
    const program = programAt(from.host, origin, isSealed);
    if (!('beacon' in origin)) return this.#note(program);
    const { beacon } = origin;
    if (beacon.id === this.#id) return void this.#heardItself.add(from.host);
    if (beacon.kind === 'goodbye') return;
    this.#note(program);
    if (origin.kind === 'other-service') return;
    const host = this.#hostAt(from.host);
    if (host === undefined) return;
    // A doctor talks; whoever else is there only accepts.
    if (origin.kind === 'doctor' || host.endpoint === undefined) host.port = beacon.port;
    host.came(beacon);
    if (origin.kind !== 'doctor') return;
    host.endpoint = from;
    host.heardAtMs = this.#transport.clock.now();
    this.#told(host, { id: beacon.id, name: beacon.name ?? '', word: decodeWord(beacon.metadata) });
  }

  #consulted(address: string, hello: Hello, isVisitor: boolean): void {
    const host = hello.id === this.#id ? undefined : this.#hostAt(address);
    if (host === undefined) return;
    this.#told(host, hello);
    if (isVisitor) host.tcp = true;
  }

  #told(
    host: HostRecord,
    { id, name, word }: Omit<Hello, 'word'> & { word: Word | undefined },
  ): void {
    host.isOf(id, name);
    if (word === undefined) return;
    host.says(word, this.#transport.clock.wallNow());
    host.hasSameSecret = this.#secret.isSame(id, word.proof);
  }

  #note(program: ProgramEvidence): void {
    const key = `${program.id} ${program.host} ${program.version}`;
    if (!this.#programs.has(key) && this.#programs.size >= MAX_PROGRAMS) return;
    this.#programs.set(key, program);
  }

  /** The record of another machine; none for this one, nor beyond so many. */
  #hostAt(address: string): HostRecord | undefined {
    const known = this.#hosts.get(address);
    const isOwn =
      this.#present.has(address) || this.#networks.some((own) => own.address === address);
    if (known !== undefined || isOwn || this.#hosts.size >= MAX_HOSTS) return known;
    const host = new HostRecord(address, false);
    this.#hosts.set(address, host);
    return host;
  }

  #word(): Word {
    const outward = this.#networks.filter(({ loopback }) => !loopback);
    const wallMs = this.#transport.clock.wallNow();
    const proof = this.#secret.proofOf(this.#id);
    return { networks: outward.map(networkOf), wallMs, proof, received: undefined };
  }

  #wordTo(address: string): Word {
    return { ...this.#word(), received: this.#hosts.get(address)?.received };
  }

  #beacon(kind: 'announce' | 'answer', word: Word, road: BeaconRoad = 'broadcast'): Uint8Array {
    return encodeBeacon({
      kind,
      road,
      serviceHash: serviceHash(DOCTOR_SERVICE),
      id: this.#id,
      epoch: this.#epoch,
      port: this.#consultations.port || this.#options.udpPort,
      name: this.#options.name,
      metadata: encodeWord(word),
    });
  }
}
