/** Rivals by name, each loaded when it is asked for; undefined for a name that nobody has. */
const LOADERS = {
  ws: async () => (await import('./ws.js')).ws,
  'ws corked': async () => (await import('./ws.js')).wsCorked,
  'ws json': async () => (await import('./ws.js')).wsJson,
  'socket.io': async () => (await import('./socket-io.js')).socketIo,
  'socket.io json': async () => (await import('./socket-io.js')).socketIoJson,
  zeromq: async () => (await import('./zeromq.js')).zeromq,
  nats: async () => (await import('./nats.js')).nats,
  msgpackr: async () => (await import('./msgpackr.js')).msgpackr,
  'secret-stream': async () => (await import('./secret-stream.js')).secretStream,
  libp2p: async () => (await import('./libp2p.js')).libp2p,
  'cable_car json': async () => (await import('./cable-car.js')).cableCarJson,
  'cable_car byte': async () => (await import('./cable-car.js')).cableCarByte,
  hyperswarm: async () => (await import('./hyperswarm.js')).hyperswarm,
  'libp2p mdns': async () => (await import('./libp2p-mdns.js')).libp2pMdns,
  'multicast-dns': async () => (await import('./multicast-dns.js')).multicastDns,
  'bonjour-service': async () => (await import('./bonjour-service.js')).bonjourService,
  cable_car: async () => (await import('./python-finder.js')).cableCar,
  zbeacon: async () => (await import('./python-finder.js')).zbeacon,
};

/** Gives the contender of a name. */
export async function load(name) {
  return LOADERS[name]?.();
}
