import type { Source } from '../sources.ts';
import { generatedFrom, page, table } from './markdown.ts';
import { optionsOf } from './read-options.ts';

type Limit = readonly [what: string, name: string, path: string];

/** Bounds that nobody can set, by the constant that has them and its file in `packages/`. */
const FIXED: Readonly<Record<string, readonly Limit[]>> = {
  Datagrams: [
    ['bytes of a beacon', 'MAX_BEACON_BYTES', 'core-protocol/src/beacon/beacon.ts'],
    ['lives that are remembered', 'MAX_PEERS', 'discovery/src/beacon/peer-table.ts'],
    ['endpoints of each', 'MAX_ENDPOINTS', 'discovery/src/beacon/peer-table.ts'],
    ['unknown lives of an address', 'STRANGERS_OF_ADDRESS', 'discovery/src/beacon/sightings.ts'],
    ['answers to an address', 'ANSWERS_TO_ADDRESS', 'discovery/src/beacon/sightings.ts'],
    ['addresses that are counted', 'MAX_ADDRESSES', 'discovery/src/beacon/sightings.ts'],
    ['visitors from other subnets', 'MAX_VISITORS', 'discovery/src/beacon/visitors.ts'],
    [
      'answers to an address of another subnet',
      'ANSWERS_TO_ADDRESS',
      'discovery/src/beacon/visitors.ts',
    ],
    ['addresses of which an answer counts', 'MAX_HOSTS', 'discovery/src/probe/asked-hosts.ts'],
    ['hosts in `peers`', 'MAX_LISTED', 'discovery/src/probe/listed-peers.ts'],
    ['addresses of a name', 'MAX_ADDRESSES', 'discovery/src/probe/by-address.ts'],
    ['hosts in `rememberPeers`', 'MAX_HOSTS', 'discovery/src/probe/remembered-hosts.ts'],
    [
      'endpoints in a datagram of acquaintances',
      'MAX_ACQUAINTANCES',
      'core-protocol/src/beacon/acquaintances-codec.ts',
    ],
    [
      'endpoints asked because one address named them',
      'NAMED_BY_PEER',
      'discovery/src/probe/by-address.ts',
    ],
    ['of these on one host', 'MAX_GOSSIP_OF_HOST', 'discovery/src/probe/probes.ts'],
    [
      'addresses warned of for another secret',
      'MAX_TOLD',
      'discovery/src/security/sealed-beacons.ts',
    ],
  ],
  Dials: [
    ['dials that fail, to all hosts', 'ALL_HOSTS', 'discovery/src/dial/dial-schedule.ts'],
    ['of these kept for hosts where none failed', 'KEPT', 'discovery/src/dial/dial-schedule.ts'],
    ['dials that fail, to a host', 'ONE_HOST', 'discovery/src/dial/dial-schedule.ts'],
    ['hosts that are counted', 'MAX_HOSTS', 'discovery/src/dial/dial-schedule.ts'],
    ['milliseconds between two, at most', 'BACKOFF_CAP_MS', 'discovery/src/dial/dial-schedule.ts'],
  ],
  Handshakes: [
    ['under way', 'MAX_PENDING', 'discovery/src/handshake/admission.ts'],
    ['under way with an address', 'MAX_PENDING_OF_HOST', 'discovery/src/handshake/admission.ts'],
    ['connections of an address', 'CONNECTIONS_OF_HOST', 'discovery/src/handshake/admission.ts'],
    ['addresses that are counted', 'MAX_HOSTS', 'discovery/src/handshake/admission.ts'],
    ['bytes of a frame', 'MAX_GREETING_BYTES', 'core-protocol/src/hello/greeting.ts'],
    ['bytes of a service name', 'MAX_SERVICE_BYTES', 'core-protocol/src/hello/greeting.ts'],
    ['characters of a name', 'MAX_NAME_LENGTH', 'core-protocol/src/beacon/clean-text.ts'],
    ['characters of a reason', 'MAX_REASON_LENGTH', 'core-protocol/src/hello/rejection-codec.ts'],
    ['bits of a secret, at least', 'MIN_SECRET_BITS', 'discovery/src/security/security-checks.ts'],
    ['names of `trust: known`', 'MAX_NAMES', 'discovery/src/security/known-peers.ts'],
    ['links promised and not confirmed', 'MAX_PROMISES', 'discovery/src/link/promised-links.ts'],
    [
      'bytes kept until a messenger takes them',
      'ENOUGH_BYTES',
      'discovery/src/link/early-bytes.ts',
    ],
    [
      'warnings of a kind, of strangers',
      'WARNINGS_OF_A_CODE',
      'discovery/src/limits/stranger-warnings.ts',
    ],
  ],
  Messages: [
    [
      'bytes of a frame, whatever the option',
      'MAX_FRAME_LENGTH',
      'core-protocol/src/frame/frame-types.ts',
    ],
    ['bytes of a part of a large message', 'PART_BYTES', 'core-protocol/src/frame/parts.ts'],
    ['types in a catalog', 'MAX_TYPES', 'core-protocol/src/message/message-registry.ts'],
    ['levels of JSON', 'MAX_DEPTH', 'core-protocol/src/message/json-rules.ts'],
    ['keys of JSON', 'MAX_KEYS', 'core-protocol/src/message/json-rules.ts'],
    [
      'levels of JSON on a classic wire',
      'MAX_CLASSIC_DEPTH',
      'core-protocol/src/classic/classic-limits.ts',
    ],
    [
      'digits of a number there',
      'MAX_CLASSIC_DIGITS',
      'core-protocol/src/classic/classic-limits.ts',
    ],
    [
      'bytes of a goodbye’s reason',
      'MAX_REASON_BYTES',
      'core-protocol/src/session/control-frames.ts',
    ],
    ['characters of a value in an error', 'MAX_SHOWN', 'core-protocol/src/message/show.ts'],
    ['warnings of a peer’s messages', 'WARNINGS', 'messenger/src/inflow.ts'],
  ],
};

/** Bounds that are options, by what they bound. */
const SET: readonly (readonly [what: string, option: string])[] = [
  ['a connection and its handshake', 'handshakeTimeoutMs'],
  ['links at a time', 'maxPeers'],
  ['the largest message', 'maxMessageBytes'],
  ['messages unread', 'inboxMessages'],
  ['bytes unread', 'inboxBytes'],
  ['bytes to be sent before `send()` answers false', 'outboxBytes'],
  ['bytes to be sent before `send()` throws', 'outboxLimitBytes'],
  ['silence before a peer is lost', 'silenceTimeoutMs'],
  ['a lost link before it is given up', 'resumeWindowMs'],
  ['events kept for `mesh.report()`', 'eventLogSize'],
];

/** `docs/limits.md`: every bound on what others can make a program do, with its value in the sources. */
export async function limitsPage(sources: readonly Source[]): Promise<string> {
  const options = sources.flatMap(optionsOf).flatMap((each) => each.options);
  const set = SET.map(([what, name]) => {
    const fallback = options.findLast((option) => option.name === name)?.fallback;
    if (fallback === undefined) throw new Error(`there is no option ${name}`);
    return [what, fallback.replaceAll('_', ','), `[\`${name}\`](options.md)`];
  });
  const fixed = Object.entries(FIXED).flatMap(([title, limits]) => [
    `## ${title}`,
    table(
      ['bound', 'value', 'where'],
      limits.map(([what, name, path]) => [what, valueOf(sources, name, path), `\`${path}\``]),
    ),
  ]);
  return page(
    '# Limits',
    generatedFrom('the constants and options of the packages'),
    'What others can make a program remember, do or wait for, all in one place. What happens at each limit is in [Security](security.md) and [Protocol](protocol.md).',
    '## Options',
    table(['bound', 'default', 'option'], set),
    ...fixed,
  );
}

/** The value of a constant, as people write it. */
function valueOf(sources: readonly Source[], name: string, path: string): string {
  const text = sources.find((source) => source.path === `packages/${path}`)?.text ?? '';
  const value = new RegExp(`const ${name}(?::[^=]+)? = ([^;]+);`).exec(text)?.[1];
  if (value === undefined) throw new Error(`there is no ${name} in packages/${path}`);
  const bucket = /^\{ size: ([\d_.]+), perSecond: ([\d_.]+) \}$/.exec(value);
  if (bucket !== null) return `${bucket[1]} at once, ${bucket[2]} a second`;
  const number = Number(value.replaceAll('_', ''));
  if (Number.isNaN(number)) throw new Error(`${name} is ${value}, expected a number or a bucket`);
  return number.toLocaleString('en');
}
