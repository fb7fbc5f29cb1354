import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { describeLan } from './lan.ts';
import { removeOrphans, run } from './namespaces.ts';

const PROBE = 'test/network/programs/tcp-probe.ts';

describeLan('a LAN', (createLan) => {
  test('of many hosts stands at once, each host with its address, and leaves nothing behind', async () => {
    const lan = await createLan(20);
    const namespaces = lan.hosts.map(({ namespace }) => namespace);
    expect(new Set(lan.hosts.map((host) => host.address())).size).toBe(20);
    expect(lan.host(19).exec('ip', '-br', 'addr', 'show', 'eth0')).toContain('10.77.0.20/16');
    expect(lan.host(19).exec('ip', 'route')).not.toContain('default');
    await lan.close();
    await lan.close();
    for (const namespace of namespaces) expect(existsSync(`/run/netns/${namespace}`)).toBe(false);
  });

  test('ends the programs on its hosts, also stopped ones', async () => {
    const lan = await createLan(1);
    const program = lan.host(0).spawn(PROBE);
    await program.next();
    program.signal('SIGSTOP');
    await lan.close();
    expect(existsSync(`/proc/${program.pid}`)).toBe(false);
    await expect(program.next()).rejects.toThrow(/tcp-probe\.ts .*ended before/);
  });

  test('tells what a program said and complained of when it does not print what was waited for', async () => {
    const lan = await createLan(1);
    const program = lan.host(0).spawn(PROBE, ['not JSON']);
    await expect(program.next()).rejects.toThrow(/ended before[^]*SyntaxError/);
    const silent = lan.host(0).spawn(PROBE);
    const never = silent.next(({ kind }) => kind === 'miracle', { timeoutMs: 3000 });
    await expect(never).rejects.toThrow(/in 3000 ms[^]*"kind":"listening"/);
  });

  test('gives the lines of a program one after the other until it ends', async () => {
    const lan = await createLan(1);
    const program = lan.host(0).spawn(PROBE);
    const kinds: unknown[] = [];
    for await (const { kind } of program) {
      kinds.push(kind);
      if (kind === 'listening') program.tell({ host: '127.0.0.1', port: 1 });
      if (kind === 'failed') program.signal('SIGTERM');
    }
    expect(kinds).toEqual(['listening', 'failed']);
  });

  test('clears away what a killed test run has left behind, and nothing of those that live', async () => {
    const lan = await createLan(1);
    const dead = spawn('true');
    await once(dead, 'close');
    const orphan = `cablecar-${dead.pid}-1-host0`;
    run('ip', ['netns', 'add', orphan]);
    removeOrphans();
    const left = readdirSync('/run/netns');
    expect(left).not.toContain(orphan);
    expect(left).toContain(lan.host(0).namespace);
  });
});
