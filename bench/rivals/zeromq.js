import { Pair } from 'zeromq';

const HIGH_WATER_MESSAGES = 4_096;

/** A pair socket at each end, no limit of its own, one send at a time as its API demands. */
export const zeromq = {
  about: 'zeromq 6, Pair over TCP, high-water marks off',
  keeps: true,
  async listen(accept) {
    const socket = pair();
    await socket.bind('tcp://127.0.0.1:*');
    use(socket, accept);
    return Number(socket.lastEndpoint.split(':').pop());
  },
  async dial(port, accept) {
    const socket = pair();
    socket.connect(`tcp://127.0.0.1:${port}`);
    use(socket, accept);
  },
};

function pair() {
  return new Pair({ sendHighWaterMark: 0, receiveHighWaterMark: 0, linger: 0 });
}

function use(socket, accept) {
  const queue = [];
  let isSending = false;
  let onRoom = () => {};
  const pump = async () => {
    isSending = true;
    for (let at = 0; at < queue.length; at++) {
      await socket.send(queue[at]);
      if (at === HIGH_WATER_MESSAGES) {
        queue.splice(0, at + 1);
        at = -1;
        onRoom();
      }
    }
    queue.length = 0;
    isSending = false;
    onRoom();
  };
  const receive = accept({
    send(message) {
      queue.push(message);
      if (!isSending) void pump();
      return queue.length < HIGH_WATER_MESSAGES;
    },
    roomy: () => (isSending ? new Promise((resolve) => (onRoom = resolve)) : Promise.resolve()),
    close: () => socket.close(),
  });
  void (async () => {
    for await (const [message] of socket) receive(message, 0, message.length);
  })();
}
