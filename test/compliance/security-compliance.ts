import type { Connection, Identity, SecureConnection } from '@cablecar/core-protocol';
import { describe, expect, test } from 'vitest';
import { ConnectionRecorder } from './recorders.ts';
import { bytes, type Scene } from './transport-world.ts';

interface Secured {
  readonly near: SecureConnection;
  readonly nearEnd: ConnectionRecorder;
  readonly far: SecureConnection;
  readonly farEnd: ConnectionRecorder;
  readonly ids: readonly [near: string, far: string];
}

/** A connection that both ends have secured, each as somebody else. */
async function secured(scene: Scene): Promise<Secured> {
  const [one, other] = scene.hosts.map(({ transport }) => transport.identify());
  const ends = await scene.connect();
  const near = one!.secure(ends.near, 'dialler');
  const far = other!.secure(ends.far, 'acceptor');
  const [nearEnd, farEnd] = [new ConnectionRecorder(), new ConnectionRecorder()];
  near.attach(nearEnd);
  far.attach(farEnd);
  return { near, nearEnd, far, farEnd, ids: [one!.id, other!.id] };
}

export function describeSecurity(scene: Scene): void {
  const identify = (path?: string): Identity => scene.hosts[0].transport.identify(path);

  describe('security', () => {
    test('an identity is 16 bytes that nobody else has', () => {
      const ids = [identify(), identify()].map(({ id }) => id);
      for (const id of ids) expect(id).toMatch(/^[0-9a-f]{32}$/);
      expect(ids[0]).not.toBe(ids[1]);
    });

    test('each end learns the id of the other before anything else', async () => {
      const { near, nearEnd, far, farEnd, ids } = await secured(scene);
      near.write([bytes('there')]);
      await scene.run(farEnd.until(() => farEnd.text === 'there'));
      far.write([bytes('back')]);
      await scene.run(nearEnd.until(() => nearEnd.text === 'back'));
      expect([farEnd.secured?.id, nearEnd.secured?.id]).toEqual(ids);
    });

    test('both ends of a connection are bound to the same, and two connections to different ids', async () => {
      const [one, other] = [await secured(scene), await secured(scene)];
      for (const { near, far, nearEnd, farEnd } of [one, other]) {
        near.write([bytes('x')]);
        await scene.run(farEnd.until(() => farEnd.text === 'x'));
        far.destroy();
        expect(nearEnd.secured?.bindings).toEqual(farEnd.secured?.bindings);
      }
      expect(one.nearEnd.secured?.bindings).not.toEqual(other.nearEnd.secured?.bindings);
    });

    test('an accepting end in the clear is refused, and can tell', async () => {
      const { near, far } = await scene.connect();
      const [nearEnd, farEnd] = [new ConnectionRecorder(), new ConnectionRecorder()];
      identify().secure(near, 'dialler').attach(nearEnd);
      far.attach(farEnd);
      await scene.run(farEnd.until(() => farEnd.byteLength >= 3));
      expect(farEnd.bytes[0]).toBe(0x16);
      far.write([bytes('in the clear, and not short')]);
      await scene.run(nearEnd.until(() => nearEnd.count('close') === 1));
      expect([nearEnd.error?.code, nearEnd.text]).toEqual(['ERR_SECURITY_MODE', '']);
    });

    test('a dialling end in the clear is refused, and can tell', async () => {
      const { near, far } = await scene.connect();
      const [nearEnd, farEnd] = [new ConnectionRecorder(), new ConnectionRecorder()];
      near.attach(nearEnd);
      identify().secure(far, 'acceptor').attach(farEnd);
      near.write([bytes('in the clear')]);
      await scene.run(nearEnd.until(() => nearEnd.count('end') === 1));
      expect(nearEnd.bytes[0]).toBe(0x15);
      near.end();
      await scene.run(farEnd.until(() => farEnd.count('close') === 1));
      expect([farEnd.error?.code, farEnd.text]).toEqual(['ERR_SECURITY_MODE', '']);
    });

    test('a connection of another make is refused', () => {
      expect(() => identify().secure({} as Connection, 'dialler')).toThrow(/ERR_OPTION/);
    });

    test('a secret stretches to the same keys everywhere, and to others in another scope', async () => {
      const [here, there] = scene.hosts;
      const ours = await here.transport.stretch('four words of one', 'chess');
      const theirs = await there.transport.stretch('four words of one', 'chess');
      const others = await there.transport.stretch('four words of one', 'go');
      const proof = ours.prove([bytes('a'), bytes('b')]);
      expect(proof).toHaveLength(32);
      expect(theirs.isProof(proof, [bytes('a'), bytes('b')])).toBe(true);
      expect(theirs.isProof(proof, [bytes('ab'), bytes('')])).toBe(false);
      expect(theirs.isProof(proof.subarray(1), [bytes('a'), bytes('b')])).toBe(false);
      expect(others.isProof(proof, [bytes('a'), bytes('b')])).toBe(false);
    });

    test('what is sealed opens with the same secret only, and unchanged only', async () => {
      const { transport } = scene.hosts[0];
      const ours = await transport.stretch('four words of one', 'chess');
      const others = await transport.stretch('four words of two', 'chess');
      const sealed = ours.seal(bytes('hello'));
      expect(sealed).toHaveLength(28 + 5);
      expect(Buffer.from(ours.unseal(sealed) as Uint8Array).toString()).toBe('hello');
      expect(others.unseal(sealed)).toBeUndefined();
      for (let at = 0; at < sealed.length; at++) {
        const changed = Uint8Array.from(sealed);
        changed[at]! ^= 1;
        expect(ours.unseal(changed)).toBeUndefined();
        expect(ours.unseal(sealed.subarray(0, at))).toBeUndefined();
      }
    });
  });
}
