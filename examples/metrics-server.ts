// Serves the metrics of a mesh on 127.0.0.1, and to this machine alone.
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Mesh } from 'cablecar';
import { OPEN_METRICS, openMetrics } from './open-metrics.ts';

/** Resolves with the server, and where it is, once it listens. Port 0 lets the system choose. */
export async function serveMetrics(
  mesh: Mesh,
  port: number,
): Promise<{ readonly server: Server; readonly url: string }> {
  const server = createServer((request, response) => {
    if (request.url !== '/metrics') return void response.writeHead(404).end();
    response.writeHead(200, { 'content-type': OPEN_METRICS }).end(openMetrics(mesh));
  });
  await once(server.listen(port, '127.0.0.1'), 'listening');
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/metrics` };
}
