/**
 * A program for LAN tests: talks to every peer that it meets in numbered messages, keeps a tally of what each said to it,
 * and prints what happens and when. Argument: {@link TalkerOptions} as JSON. Orders: {@link TalkerOrder}, a line each.
 */
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import {
  DirectClient,
  DirectServer,
  join,
  Messenger,
  type JoinOptions,
  type Link,
  type Mesh,
} from 'cablecar';
import { nodeTransport } from '@cablecar/transport';
import {
  Conversation,
  type ConversationReport,
  type Plant,
  type Talk,
} from '../talking/conversation.ts';
import { monotonicMs } from '../talking/monotonic.ts';
import { Numbered } from '../talking/numbered.ts';

/** What a talker is. */
export interface TalkerOptions extends Omit<JoinOptions, 'messages' | 'transport'> {
  readonly name: string;
  readonly plant?: Plant;
  /** Met at this port instead of by beacons: listened on, or dialled where there is a host. */
  readonly direct?: { readonly port: number; readonly host?: string };
}

/** What a talker can be told. */
export type TalkerOrder =
  | { readonly do: 'join' }
  | ({ readonly do: 'talk' } & Talk)
  | { readonly do: 'report'; readonly ask: number }
  | { readonly do: 'close'; readonly flushTimeoutMs?: number };

/** What a talker answers to 'report'. */
export interface TalkerReport {
  readonly name: string;
  readonly id: string;
  readonly service: string;
  readonly isClosed: boolean;
  /** The ids of the peers that are there. */
  readonly peers: readonly string[];
  readonly conversations: readonly ConversationReport[];
  /** The most memory that it ever held, and what it held before it joined. */
  readonly peakBytes: number;
  readonly beganBytes: number;
}

const TICK_MS = 10;
const options = JSON.parse(process.argv[2] ?? '{}') as TalkerOptions;
const conversations: Conversation[] = [];
let talk: Talk | undefined;
let talking: NodeJS.Timeout | undefined;
const transport = nodeTransport();
const identity = transport.identify();
let mesh: Mesh<Numbered> | undefined;
const beganBytes = peakBytes();

/** The most memory that this process ever held. */
function peakBytes(): number {
  const status = readFileSync('/proc/self/status', 'utf8');
  return Number(/VmHWM:\s+(\d+)/.exec(status)?.[1]) * 1024;
}

function print(kind: string, details: object = {}): void {
  process.stdout.write(`${JSON.stringify({ kind, ...details, at: monotonicMs() })}\n`);
}

function meet(peer: Messenger<Numbered>): void {
  const conversation = new Conversation(peer, options.plant);
  conversations.push(conversation);
  const { life } = conversation;
  const tell = (kind: string, details: object = {}): void => {
    const { id, name, endpoint } = peer.info;
    print(kind, { id, name, host: endpoint.host, life, ...details });
  };
  tell('peer');
  peer.on('suspect', () => tell('suspect'));
  peer.on('resume', () => tell('resume'));
  peer.on('close', ({ code, reason, undelivered }) => tell('close', { code, reason, undelivered }));
  if (talk !== undefined) conversation.begin(talk);
}

async function enter(): Promise<void> {
  const { direct, plant: _, ...joining } = options;
  const messages = [Numbered] as const;
  if (direct !== undefined) {
    print('joined');
    return meet(new Messenger(await linkOf(direct), { ...joining, messages }));
  }
  mesh = await join({ ...joining, messages });
  mesh.on('peer', meet);
  mesh.on('warning', ({ code, message }) => print('warning', { code, message }));
  print('joined', { id: mesh.id });
}

function linkOf({ port, host }: NonNullable<TalkerOptions['direct']>): Promise<Link> {
  const self = { name: options.name, port, transport: { ...transport, identify: () => identity } };
  const way = host === undefined ? new DirectServer(self) : new DirectClient({ ...self, host });
  return way.connect({ timeoutMs: 20_000 });
}

function ownId(): string {
  return options.direct === undefined ? (mesh?.id ?? '') : identity.id;
}

function report(): TalkerReport {
  const open = conversations.filter(({ peer }) => !peer.closed);
  return {
    name: options.name,
    id: ownId(),
    service: options.service ?? '',
    isClosed: mesh?.closed ?? false,
    peers: mesh === undefined ? open.map(({ peer }) => peer.info.id) : [...mesh.peers.keys()],
    conversations: conversations.map((one) => one.report()),
    peakBytes: peakBytes(),
    beganBytes,
  };
}

async function close(flushTimeoutMs: number | undefined): Promise<void> {
  const ending = mesh === undefined ? conversations.map(({ peer }) => peer) : [mesh];
  const closeOptions = flushTimeoutMs === undefined ? {} : { flushTimeoutMs };
  await Promise.all(ending.map((one) => one.close(closeOptions)));
  print('closed');
}

function obey(order: TalkerOrder): void {
  if (order.do === 'join') void enter();
  if (order.do === 'report') print('report', { ask: order.ask, ...report() });
  if (order.do === 'close') void close(order.flushTimeoutMs);
  if (order.do !== 'talk') return;
  talk = order;
  for (const conversation of conversations) conversation.begin(talk);
  clearInterval(talking);
  const { perSecond = Infinity } = talk;
  if (perSecond < Infinity) talking = setInterval(speak, Math.max(TICK_MS, 1_000 / perSecond));
}

function speak(): void {
  for (const conversation of conversations) conversation.speak();
}

createInterface({ input: process.stdin })
  .on('line', (line) => obey(JSON.parse(line) as TalkerOrder))
  .on('close', () => process.exit(1)); // whoever started it is gone
print('loaded');
