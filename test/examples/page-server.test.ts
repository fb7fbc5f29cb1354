import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { PageServer } from '../../examples/arena/page-server.ts';

const servers: PageServer[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function open(): Promise<PageServer> {
  const server = await PageServer.open(0);
  servers.push(server);
  return server;
}

/** Asks for a WebSocket as a page does that came from somewhere; the status of the answer. */
async function knock(url: string, origin: string): Promise<number | undefined> {
  const headers = {
    ...{ connection: 'Upgrade', upgrade: 'websocket', origin },
    ...{ 'sec-websocket-version': '13', 'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==' },
  };
  const asking = request(url, { headers }).end();
  const [answer] = (await Promise.race([once(asking, 'upgrade'), once(asking, 'response')])) as [
    IncomingMessage,
  ];
  answer.socket.destroy();
  return answer.statusCode;
}

describe('the server of the arena’s page', () => {
  it('gives the page and its program, and no other file', async () => {
    const { url } = await open();
    const page = await fetch(url);
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(await page.text()).toContain('<script type="module" src="page.js">');
    const program = await fetch(`${url}/page.js`);
    expect(program.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    await program.text();
    for (const path of ['main.ts', '..%2fpackage.json', 'page.html/', '__proto__']) {
      const { status } = await fetch(`${url}/${path}`);
      expect(status, path).toBe(404);
    }
  });

  it('talks to its own page, and to none from elsewhere', async () => {
    const { url } = await open();
    expect(await knock(url, url)).toBe(101);
    expect(await knock(url, 'http://elsewhere.example')).toBe(401);
  });
});
