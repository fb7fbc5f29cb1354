import { createServer } from 'node:net';

/** Below the ports that the system gives to whoever asks for any: one of those may be taken at every moment. */
const FIRST = 20_000;
const COUNT = 10_000;

let asked = 0;

/** A TCP port of this machine that nobody uses at the moment; another one each time. */
export async function freeTcpPort(): Promise<number> {
  for (;;) {
    const port = FIRST + ((process.pid * 17 + asked++) % COUNT);
    if (await isFree(port)) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, () => server.close(() => resolve(true)));
  });
}
