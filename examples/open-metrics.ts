// What a mesh counts, as text in the format of OpenMetrics 1.0, which Prometheus and many others read.
import type { Mesh, Messenger } from 'cablecar';

/** The content type of the text. */
export const OPEN_METRICS = 'application/openmetrics-text; version=1.0.0; charset=utf-8';

const QUANTILES = [0.5, 0.9, 0.99];

/** The metrics of a mesh, as they are now. */
export function openMetrics({ stats, peers }: Mesh): string {
  const { received, ...ignored } = stats.datagrams;
  return [
    ...gauge('cablecar_peers', 'Peers that are there.', stats.peers),
    ...gauge('cablecar_suspects', 'Peers that are silent or away.', stats.suspects),
    ...gauge('cablecar_pending_bytes', 'Sent and not yet received.', stats.bytesPending),
    ...gauge('cablecar_waiting_messages', 'Received and not yet taken.', stats.messagesWaiting),
    ...counter('cablecar_sent_messages', 'Messages sent.', { '': stats.messagesSent }),
    ...counter('cablecar_sent_bytes', 'Bytes sent.', { '': stats.bytesSent }),
    ...counter('cablecar_received_messages', 'Messages received.', { '': stats.messagesReceived }),
    ...counter('cablecar_received_bytes', 'Bytes received.', { '': stats.bytesReceived }),
    ...counter('cablecar_events', 'What has happened.', labelled('kind', stats.events)),
    ...counter('cablecar_datagrams', 'Datagrams received.', { '': received }),
    ...counter('cablecar_ignored_datagrams', 'Of no use.', labelled('why', ignored)),
    ...family('cablecar_round_trip_seconds', 'summary', 'Round trips to each peer.'),
    ...[...peers.values()].flatMap(roundTrips),
    '# EOF\n',
  ].join('\n');
}

function family(name: string, type: string, help: string): string[] {
  return [`# TYPE ${name} ${type}`, `# HELP ${name} ${help}`];
}

function gauge(name: string, help: string, value: number): string[] {
  return [...family(name, 'gauge', help), `${name} ${value}`];
}

/** A counter by labels; its samples end in `_total`, its family does not. */
function counter(name: string, help: string, samples: Record<string, number>): string[] {
  const lines = Object.entries(samples).map(([labels, value]) => `${name}_total${labels} ${value}`);
  return [...family(name, 'counter', help), ...lines];
}

function labelled(label: string, counts: object): Record<string, number> {
  const samples = Object.entries(counts).map(([value, count]) => [`{${label}="${value}"}`, count]);
  return Object.fromEntries(samples) as Record<string, number>;
}

/** Peers are told apart by their ids, which are digits: a name could be anything, and two may have the same. */
function roundTrips({ info: { id }, roundTripsUs }: Messenger): string[] {
  const name = 'cablecar_round_trip_seconds';
  const { count, mean } = roundTripsUs;
  if (count === 0) return [];
  const quantiles = QUANTILES.map((quantile) => {
    const seconds = roundTripsUs.percentile(quantile * 100) / 1e6;
    return `${name}{peer="${id}",quantile="${quantile}"} ${seconds}`;
  });
  const sum = (mean * count) / 1e6;
  return [...quantiles, `${name}_count{peer="${id}"} ${count}`, `${name}_sum{peer="${id}"} ${sum}`];
}
