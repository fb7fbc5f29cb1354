import { BEACON_GROUPS, formatEndpoint, type DatagramPort } from '@cablecar/core-protocol';
import type { Messenger } from '@cablecar/messenger';
import { nodeTransport, systemClock } from '@cablecar/transport';
import { join } from '../../join.ts';
import type { Mesh } from '../../mesh.ts';
import type { JoinOptions } from '../../options.ts';
import { peerRecord } from '../find-peer.ts';
import { PeerMeter, type PeerRow } from './peer-row.ts';
import { ServiceList, type ServiceRow } from './service-list.ts';

/** Something that happened: for people, and for programs. */
export interface WatchEvent {
  readonly text: string;
  readonly record: Readonly<Record<string, unknown>>;
}

/** Joins a service to see who is there and what passes, and listens for the beacons of others. */
export class Observer {
  readonly mesh: Mesh;
  readonly service: string;
  readonly #meters = new Map<Messenger, PeerMeter>();
  readonly #services: ServiceList;
  /** What happened before anybody listened. */
  readonly #early: WatchEvent[] = [];
  #listener: (event: WatchEvent) => void = (event) => void this.#early.push(event);
  #ear: DatagramPort | undefined;

  private constructor(mesh: Mesh, service: string) {
    this.mesh = mesh;
    this.service = service;
    this.#services = new ServiceList({ service, ownId: mesh.id });
    mesh.on('peer', (peer) => this.#met(peer));
    mesh.on('peer:lost', (peer) => this.#meters.delete(peer));
    mesh.on('warning', ({ code, message }) => {
      if (code === 'ERR_MESSAGE_UNKNOWN') return; // a watcher knows none of anybody's messages
      this.#tell({ text: message, record: { kind: 'warning', code, message } });
    });
  }

  static async start(
    options: Pick<JoinOptions, 'service' | 'udpPort' | 'interfaces' | 'heartbeatIntervalMs'>,
  ): Promise<Observer> {
    const { service = 'default', udpPort = 18_222, interfaces = 'all' } = options;
    const mesh = await join(options);
    const observer = new Observer(mesh, service);
    observer.#ear = await nodeTransport().openDatagrams({
      port: udpPort,
      interfaces,
      groups: BEACON_GROUPS,
      handlers: {
        onDatagram: (bytes, from) => observer.#hear(bytes, from.host),
        onInterfaces: () => {},
        onWarning: () => {}, // the mesh tells the same
      },
    });
    return observer;
  }

  /** Tells what happens from here on, and first what has happened already. */
  listen(listener: (event: WatchEvent) => void): void {
    for (const event of this.#early.splice(0)) listener(event);
    this.#listener = listener;
  }

  /** The peers as they are now; rates are since the last call. */
  read(): PeerRow[] {
    const now = systemClock.now();
    const rows = [...this.#meters].map(([peer, meter]) => meter.read(peer.info, peer.stats, now));
    return rows.sort((one, other) => (one.name + one.id < other.name + other.id ? -1 : 1));
  }

  services(): ServiceRow[] {
    return this.#services.rows(systemClock.now());
  }

  async close(): Promise<void> {
    await Promise.all([this.#ear?.close(), this.mesh.close()]);
  }

  #tell(event: WatchEvent): void {
    this.#listener(event);
  }

  #hear(bytes: Uint8Array, host: string): void {
    const service = this.#services.hear(bytes, host, systemClock.now());
    if (service === undefined) return;
    const text = `service ${service} heard at ${host}`;
    this.#tell({ text, record: { kind: 'service', service, host } });
  }

  #met(peer: Messenger): void {
    const meter = new PeerMeter(systemClock.now());
    this.#meters.set(peer, meter);
    const tell = (kind: string, what: string, more: object = {}): void => {
      const text = `${peer.info.name} (${formatEndpoint(peer.info.endpoint)}) ${what}`;
      this.#tell({ text, record: { kind, peer: peerRecord(peer.info), ...more } });
    };
    tell('peer', 'came');
    peer.on('message', () => {}); // nothing that it sends piles up here
    peer.on('suspect', () => {
      meter.state = 'suspect';
      tell('suspect', 'is silent');
    });
    peer.on('resume', () => {
      meter.state = 'alive';
      tell('resume', 'is back');
    });
    peer.on('close', ({ code, reason }) => tell('lost', `left: ${code}`, { code, reason }));
  }
}
