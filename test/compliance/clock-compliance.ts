import { describe, expect, test } from 'vitest';
import type { Scene } from './transport-world.ts';

export function describeClock(scene: Scene): void {
  describe('time and chance', () => {
    test('a timer calls back once, and not before its time', async () => {
      const { clock } = scene.hosts[0].transport;
      const start = clock.now();
      let calls = 0;
      await scene.run(
        new Promise<void>((resolve) => {
          clock.setTimer(20, () => {
            calls += 1;
            resolve();
          });
        }),
      );
      expect(clock.now() - start).toBeGreaterThanOrEqual(20);
      await scene.wait(30);
      expect(calls).toBe(1);
    });

    test('a cancelled timer never calls back, and cancelling again does no harm', async () => {
      const { clock } = scene.hosts[0].transport;
      let calls = 0;
      const timer = clock.setTimer(5, () => (calls += 1));
      timer.cancel();
      timer.cancel();
      await scene.wait(30);
      expect(calls).toBe(0);
    });

    test('the end of the turn comes after the calls of the turn and before its timers', async () => {
      const { clock } = scene.hosts[0].transport;
      const order: string[] = [];
      await scene.run(
        new Promise<void>((resolve) => {
          clock.setTimer(0, () => {
            order.push('timer');
            resolve();
          });
          clock.endOfTurn(() => order.push('end of turn'));
          clock.endOfTurn(() => order.push('in order'));
          order.push('the turn itself');
        }),
      );
      expect(order).toEqual(['the turn itself', 'end of turn', 'in order', 'timer']);
    });

    test('random bytes are as many as asked for, and fresh', () => {
      const { random } = scene.hosts[0].transport;
      expect(random.bytes(16)).toHaveLength(16);
      expect(random.bytes(16)).not.toEqual(random.bytes(16));
      expect(random.bytes(0)).toHaveLength(0);
      const float = random.float();
      expect(float).toBeGreaterThanOrEqual(0);
      expect(float).toBeLessThan(1);
    });
  });
}
