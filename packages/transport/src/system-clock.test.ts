import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';
import { describe, expect, test, vi } from 'vitest';
import { systemClock } from './system-clock.ts';

describe('the system clock', () => {
  test('after a stall, what waits in the sockets is read before a timer that fell due meanwhile', async () => {
    const order: string[] = [];
    const server = createServer((socket) => {
      socket.on('data', () => order.push('data'));
      socket.write('ready');
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    await once(socket, 'data');
    await new Promise<void>((resolve) => {
      systemClock.setTimer(5, () => {
        order.push('timer');
        resolve();
      });
      socket.write('I live', () => stall(30));
    });
    expect(order).toEqual(['data', 'timer']);
    socket.destroy();
    server.close();
  });

  test('a timer can be cancelled while it waits for the sockets to be polled', async () => {
    const callback = vi.fn<() => void>();
    const timer = systemClock.setTimer(0, callback);
    // Armed later and due at the same time: runs between the timeout and the immediate of the first.
    await new Promise<void>((resolve) => {
      setTimeout(() => {
        timer.cancel();
        setTimeout(resolve, 10);
      }, 1);
      stall(5);
    });
    expect(callback).not.toHaveBeenCalled();
  });

  test('a delay longer than the system can count does not fire at once', () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance', 'setImmediate'] });
    try {
      const callback = vi.fn<() => void>();
      systemClock.setTimer(2 ** 31 + 1000, callback);
      const never = systemClock.setTimer(Infinity, callback);
      vi.advanceTimersByTime(2 ** 31 + 500);
      expect(callback).not.toHaveBeenCalled();
      vi.advanceTimersByTime(1000);
      expect(callback).toHaveBeenCalledTimes(1);
      never.cancel();
    } finally {
      vi.useRealTimers();
    }
  });

  test('the end of the turn waits for what the turn has promised', async () => {
    const order: string[] = [];
    const resolved = Promise.resolve();
    setImmediate(() => {
      systemClock.endOfTurn(() => order.push('end of turn'));
      void resolved.then(() => order.push('a continuation')).then(() => order.push('one more'));
    });
    await new Promise((resolve) => setTimeout(resolve, 1));
    await new Promise(setImmediate);
    expect(order).toEqual(['a continuation', 'one more', 'end of turn']);
  });

  test('what is asked for at the end of a turn comes at the end of the next', async () => {
    const order: string[] = [];
    systemClock.endOfTurn(() => {
      systemClock.endOfTurn(() => order.push('second'));
      order.push('first');
    });
    await new Promise(setImmediate);
    expect(order).toEqual(['first', 'second']);
  });
});

function stall(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}
