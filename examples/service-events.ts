// Style 1, events: a service that greets whoever comes and answers what it is told.
import { join } from 'cablecar';
import { Chat } from './messages.ts';

const mesh = await join({
  service: 'example-events',
  name: process.argv[2] ?? 'somebody',
  messages: [Chat],
  interfaces: 'loopback', // leave this out to meet the whole network
});

mesh.on('peer', (peer) => {
  console.log(`met ${peer.info.name}`);
  peer.send(new Chat({ text: `hello ${peer.info.name}, this is ${mesh.name}` }));
  peer.on('message', (message) => {
    console.log(`${peer.info.name} says: ${message.text}`);
    void mesh.close();
  });
  peer.on('close', ({ code }) => console.log(`${peer.info.name} left (${code})`));
});
mesh.on('warning', (error) => console.warn(error.message));
