import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { readFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { WebSocketServer, type WebSocket } from 'ws';
import type { Keys } from './ship.ts';

const TYPES = { 'page.html': 'text/html', 'page.js': 'text/javascript' } as const;
/** A page that is so far behind is told nothing until it has caught up. */
const MOST_UNREAD_BYTES = 64 * 1024;

/** The player's page: a browser has no UDP and no TCP, so it talks to this server, on its own machine alone. */
export class PageServer {
  readonly #http: Server = createServer();
  readonly #sockets: WebSocketServer;
  #keys: Keys = new Set();

  private constructor(files: ReadonlyMap<string, { type: string; text: string }>) {
    this.#http.on('request', ({ url }, response) => {
      const file = files.get(url === '/' ? '/page.html' : (url ?? ''));
      if (file === undefined) response.writeHead(404).end();
      else
        response.writeHead(200, { 'content-type': `${file.type}; charset=utf-8` }).end(file.text);
    });
    this.#sockets = new WebSocketServer({
      server: this.#http,
      maxPayload: 256,
      verifyClient: ({ origin }: { origin: string }) => origin === this.url, // no other page may fly this ship
    });
    this.#sockets.on('connection', (page) => this.#serve(page));
  }

  /** Resolves when the page can be opened. */
  static async open(port: number): Promise<PageServer> {
    const files = new Map<string, { type: string; text: string }>();
    for (const [name, type] of Object.entries(TYPES)) {
      const text = await readFile(new URL(name, import.meta.url), 'utf8');
      files.set(`/${name}`, { type, text });
    }
    const server = new PageServer(files);
    server.#http.listen(port, '127.0.0.1');
    await once(server.#http, 'listening');
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#http.address() as AddressInfo).port}`;
  }

  /** What the player holds down now. */
  get keys(): Keys {
    return this.#keys;
  }

  /** Tells every page that is open. */
  show(word: object): void {
    const text = JSON.stringify(word);
    for (const page of this.#sockets.clients) {
      if (page.bufferedAmount < MOST_UNREAD_BYTES) page.send(text);
    }
  }

  close(): void {
    for (const page of this.#sockets.clients) page.terminate();
    this.#sockets.close();
    this.#http.close();
  }

  #serve(page: WebSocket): void {
    page.on('message', (held: Buffer) => (this.#keys = new Set(held.toString().split(' '))));
    page.on('close', () => (this.#keys = new Set()));
    page.on('error', () => page.terminate());
  }
}
