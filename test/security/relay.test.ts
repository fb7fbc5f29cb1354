import { FRAME } from '@cablecar/core-protocol';
import { DirectClient, join, jsonMessage } from 'cablecar';
import { nodeTransport } from '@cablecar/transport';
import { expect, test } from 'vitest';
import { freeUdpPort } from '../compliance/free-udp-port.ts';
import { freeTcpPort } from '../support/free-tcp-port.ts';
import { Relay } from '../support/discovery/relay.ts';

class Chat extends jsonMessage('Chat')<{ text: string }> {}

const TRIES = 1_000;
const AT_A_TIME = 4;
const secret = 'ruby-harvest-7-orbit-lantern';
const interfaces = 'loopback';

test(`who relays between two with a secret gets nothing delivered in ${TRIES} of ${TRIES} tries (T16)`, async () => {
  const [port, to] = [await freeTcpPort(), await freeTcpPort()];
  const transport = nodeTransport();
  const udpPort = await freeUdpPort();
  await using ada = await join({ messages: [Chat], udpPort, tcpPort: to, interfaces, secret });
  const delivered: unknown[] = [];
  ada.on('peer', (peer) => {
    delivered.push(peer.info.id);
    peer.on('message', (message) => delivered.push(message));
  });
  const relay = await Relay.between({ port, to, poses: true });
  const codes = new Map<string, number>();
  const tryOut = async (): Promise<void> => {
    const client = new DirectClient({ host: '127.0.0.1', port, secret, transport });
    const code = await client.connect({ timeoutMs: 10_000 }).then(
      () => 'linked',
      (error: { code: string }) => error.code,
    );
    codes.set(code, (codes.get(code) ?? 0) + 1);
  };
  for (let tried = 0; tried < TRIES; tried += AT_A_TIME)
    await Promise.all(Array.from({ length: AT_A_TIME }, tryOut));
  await relay.close();
  expect(codes).toEqual(new Map([['ERR_SECRET', TRIES]]));
  expect([delivered, ada.peers.size]).toEqual([[], 0]);
  // What went through its hands: the dialler's proof and HELLO, and that it was refused.
  expect(relay.passed.get(FRAME.PROOF)).toBe(TRIES);
  expect([FRAME.WELCOME, FRAME.READY, FRAME.OPEN].filter((it) => relay.passed.has(it))).toEqual([]);
}, 240_000);
