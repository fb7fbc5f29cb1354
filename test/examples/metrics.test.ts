import { once } from 'node:events';
import { join, jsonMessage } from 'cablecar';
import { expect, test } from 'vitest';
import { serveMetrics } from '../../examples/metrics-server.ts';
import { freeUdpPort } from '../compliance/free-udp-port.ts';

class Chat extends jsonMessage('Chat')<{ text: string }> {}

interface Family {
  readonly type: string;
  readonly help: string;
  /** By their names and labels. */
  readonly samples: Map<string, number>;
}

/** Which endings the names of samples of a type have, as OpenMetrics 1.0 has it. */
const SUFFIXES: Readonly<Record<string, readonly string[]>> = {
  gauge: [''],
  counter: ['_total'],
  summary: ['', '_count', '_sum'],
};

/** Reads OpenMetrics text, and throws at whatever is against its rules. */
function parse(text: string): Map<string, Family> {
  const families = new Map<string, Family>();
  if (!text.endsWith('\n# EOF\n')) throw new Error('there is no # EOF at the end');
  for (const line of text.slice(0, -'# EOF\n'.length).trimEnd().split('\n')) {
    const [, keyword, name = '', rest = ''] = /^# (TYPE|HELP) ([a-z_]+) (.+)$/.exec(line) ?? [];
    if (keyword === 'TYPE') {
      if (families.has(name)) throw new Error(`${name} comes twice`);
      families.set(name, { type: rest, help: '', samples: new Map() });
      continue;
    }
    const [family, { type, samples }] = [...families].at(-1)!;
    if (keyword === 'HELP') {
      if (name !== family || samples.size > 0) throw new Error(`out of place: ${line}`);
      families.set(name, { type, help: rest, samples });
      continue;
    }
    const sample = /^([a-z_]+)((?:\{(?:[a-z_]+="[^"\\\n]*",?)+\})?) (-?[\d.]+(?:e[+-]?\d+)?)$/;
    const [, full = '', labels = '', value = ''] = sample.exec(line) ?? [];
    const isOfFamily = SUFFIXES[type]?.some((suffix) => full === `${family}${suffix}`);
    if (!isOfFamily || samples.has(full + labels)) throw new Error(`no sample: ${line}`);
    samples.set(full + labels, Number(value));
  }
  return families;
}

test('the example serves what passes through a mesh as OpenMetrics', async () => {
  const udpPort = await freeUdpPort();
  const options = { interfaces: 'loopback', udpPort, messages: [Chat], heartbeatIntervalMs: 50 };
  await using ada = await join({ ...options, interfaces: 'loopback', name: 'ada' });
  await using bob = await join({ ...options, interfaces: 'loopback', name: 'b"ob' });
  const toBob = await ada.firstPeer({ timeoutMs: 5_000 });
  const toAda = await bob.firstPeer({ timeoutMs: 5_000 });
  toAda.on('message', () => {});
  expect(toBob.roundTripsUs.count).toBe(0);
  await toBob.sent(new Chat({ text: 'hello' }), { timeoutMs: 5_000 });
  const { server, url } = await serveMetrics(ada, 0);
  try {
    await expect.poll(() => toBob.roundTripsUs.count, { timeout: 5_000 }).toBeGreaterThanOrEqual(2);
    const response = await fetch(url);
    expect(response.headers.get('content-type')).toMatch(/^application\/openmetrics-text;/);
    const families = parse(await response.text());
    const valueOf = (family: string, sample: string): number | undefined =>
      families.get(`cablecar_${family}`)?.samples.get(`cablecar_${sample}`);
    expect(valueOf('peers', 'peers')).toBe(1);
    expect(valueOf('sent_messages', 'sent_messages_total')).toBe(1);
    expect(valueOf('sent_bytes', 'sent_bytes_total')).toBe(ada.stats.bytesSent);
    expect(valueOf('events', 'events_total{kind="peer"}')).toBe(1);
    expect(valueOf('datagrams', 'datagrams_total')).toBeGreaterThan(0);
    const trip = `round_trip_seconds{peer="${bob.id}",quantile="0.5"}`;
    expect(valueOf('round_trip_seconds', trip)).toBeGreaterThan(0);
    const counted = valueOf('round_trip_seconds', `round_trip_seconds_count{peer="${bob.id}"}`);
    expect(counted).toBeGreaterThanOrEqual(2);
    expect([...families.values()].filter(({ help }) => help === '')).toEqual([]);
    expect((await fetch(new URL('/', url))).status).toBe(404);
  } finally {
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  }
}, 30_000);
