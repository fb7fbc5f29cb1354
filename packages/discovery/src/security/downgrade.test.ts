import type { CableCarError } from '@cablecar/core-protocol';
import { beforeEach, expect, test } from 'vitest';
import { freeTcpPort } from '../../../../test/support/free-tcp-port.ts';
import { DirectClient } from '../direct-client.ts';
import { DirectServer } from '../direct-server.ts';

let port: number;
beforeEach(async () => {
  port = await freeTcpPort();
});

test.each([
  ['tls', 'none'],
  ['none', 'tls'],
] as const)(
  'on real sockets a client with %s and a server with %s are both told within 2 s (§3.5(3)) (T22)',
  async (client, server) => {
    const begun = Date.now();
    const served = new DirectServer({ port, interfaces: 'loopback', security: server })
      .connect({ timeoutMs: 1500 })
      .catch((error: CableCarError) => error.cause);
    const dialled = new DirectClient({ host: '127.0.0.1', port, security: client })
      .connect()
      .catch((error: unknown) => error);
    expect(await dialled).toMatchObject({ code: 'ERR_SECURITY_MODE' });
    expect(Date.now() - begun).toBeLessThan(2000);
    expect(await served).toMatchObject({ code: 'ERR_SECURITY_MODE' });
  },
);
