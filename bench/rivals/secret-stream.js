import SecretStream from '@hyperswarm/secret-stream';
import { dialTo, listenOnce } from '../dist/contenders/net-line.js';

/** Each write is one encrypted message, which the other end gets as one. */
export const secretStream = {
  about: '@hyperswarm/secret-stream over node:net, encrypted, one write per message',
  keeps: true,
  listen: (accept) => listenOnce((socket) => void use(false, socket, accept)),
  dial: (port, accept) =>
    new Promise((resolve, reject) => {
      dialTo(port, (socket) => void use(true, socket, accept).then(resolve)).catch(reject);
    }),
};

async function use(isInitiator, socket, accept) {
  const stream = new SecretStream(isInitiator, socket);
  stream.on('error', () => {});
  await stream.opened;
  let isRoomy = true;
  stream.on('drain', () => (isRoomy = true));
  const receive = accept({
    send: (message) => (isRoomy = stream.write(message)),
    roomy: () => (isRoomy ? Promise.resolve() : new Promise((go) => stream.once('drain', go))),
    close: () => stream.destroy(),
  });
  stream.on('data', (bytes) => receive(bytes, 0, bytes.length));
}
