import { hostname, userInfo } from 'node:os';
import { MsgIdentify } from '@cablecar/core-protocol';
import { describe, expect, it } from 'vitest';
import './system-identity.ts';

describe('systemIdentity', () => {
  it('fills in MsgIdentify, which may still be told otherwise', () => {
    const { username, hostname: host } = new MsgIdentify();
    expect({ username, host }).toEqual({ username: userInfo().username, host: hostname() });
    expect(new MsgIdentify({ username: 'ada' })).toMatchObject({
      username: 'ada',
      hostname: hostname(),
    });
  });
});
