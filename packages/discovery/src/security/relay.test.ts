import { CableCarError, type Link } from '@cablecar/core-protocol';
import { nodeTransport } from '@cablecar/transport';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Relay } from '../../../../test/support/discovery/relay.ts';
import { freeTcpPort } from '../../../../test/support/free-tcp-port.ts';
import { DirectClient } from '../direct-client.ts';
import { DirectServer } from '../direct-server.ts';

const transport = nodeTransport();
const SECRET = 'ruby-harvest-7-orbit-lantern';

let relay: Relay | undefined;
let relayPort: number;
let serverPort: number;
const links: Link[] = [];

beforeEach(async () => {
  relayPort = await freeTcpPort();
  serverPort = await freeTcpPort();
});

afterEach(async () => {
  for (const link of links.splice(0)) link.destroy();
  await relay?.close();
});

/** What a client and a server come to, with somebody in the middle. */
async function meet(
  poses: boolean,
  secret: string | undefined,
): Promise<readonly [client: Link | CableCarError, server: Link | CableCarError]> {
  relay = await Relay.between({ port: relayPort, to: serverPort, poses });
  const shared = secret === undefined ? {} : { secret };
  const options = { ...shared, transport } as const;
  const wait = { timeoutMs: 3000 };
  const server = new DirectServer({ ...options, port: serverPort, interfaces: 'loopback' })
    .connect(wait)
    .catch((error: CableCarError) => error.cause as CableCarError);
  const client = new DirectClient({ ...options, host: '127.0.0.1', port: relayPort })
    .connect(wait)
    .catch((error: CableCarError) => error);
  const ends = await Promise.all([client, server]);
  for (const end of ends) if (!CableCarError.is(end)) links.push(end);
  return ends;
}

function codes(ends: readonly (Link | CableCarError)[]): string[] {
  return ends.map((end) => (CableCarError.is(end) ? end.code : `link with ${end.peer.id}`));
}

describe('somebody in the middle', () => {
  test('who passes on what is said is found out by the keys (T16)', async () => {
    const [client, server] = codes(await meet(false, undefined));
    expect(server).toBe('ERR_IDENTITY');
    expect(client).toBe('ERR_TIMEOUT');
  });

  test('who poses as both is found out by the secret, and gets nothing through (T16)', async () => {
    expect(codes(await meet(true, SECRET))).toEqual(['ERR_SECRET', 'ERR_SECRET']);
  });

  test('who poses as both without a secret is taken for a stranger, under an id of its own', async () => {
    const ends = codes(await meet(true, undefined));
    const { id } = (relay as Relay).identity;
    expect(ends).toEqual([`link with ${id}`, `link with ${id}`]);
  });
});
