import { createSocket } from 'node:dgram';

/** Below the ports that the system gives to whoever asks for any: one of those may be taken at every moment. */
const FIRST = 20_000;
const COUNT = 10_000;

let asked = 0;

/** A UDP port of this machine that nobody uses at the moment; another one each time. */
export async function freeUdpPort(): Promise<number> {
  for (;;) {
    const port = FIRST + ((process.pid * 17 + asked++) % COUNT);
    if (await isFree(port)) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  const socket = createSocket('udp4');
  return new Promise((resolve) => {
    socket.once('error', () => socket.close(() => resolve(false)));
    socket.bind(port, '0.0.0.0', () => socket.close(() => resolve(true)));
  });
}
