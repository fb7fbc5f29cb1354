// Shows what passes through a mesh to Prometheus, or to whoever asks for http://127.0.0.1:9464/metrics.
//
//     npm run metrics -w examples            as a peer of the service 'default'
//     npm run metrics -w examples chess 9000
import { join } from 'cablecar';
import { serveMetrics } from './metrics-server.ts';

const [service = 'default', port = '9464'] = process.argv.slice(2);

const mesh = await join({ service, name: 'metrics' });
mesh.on('warning', ({ message }) => console.error(message));
mesh.on('peer', (peer) => {
  peer.on('message', () => {}); // nothing that it sends piles up here
  void peer.roundTripsUs; // counted from now on
});

const { server, url } = await serveMetrics(mesh, Number(port));
console.log(url);
process.once('SIGINT', () => {
  server.close();
  void mesh.close();
});
