import { Duplex } from 'node:stream';
import { connect } from 'node:tls';

/** The first bytes of somebody who encrypts as cablecar does. */
export function clientHello(): Promise<Buffer> {
  return new Promise((resolve) => {
    const wire = new Duplex({
      read() {},
      write(bytes: Buffer, _encoding, done) {
        resolve(bytes);
        done();
        wire.destroy();
      },
    });
    connect({ socket: wire, ALPNProtocols: ['cablecar/1'] }).on('error', () => {});
  });
}
