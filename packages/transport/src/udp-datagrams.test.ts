import type { DatagramOptions, DatagramPort, NetworkInterface } from '@cablecar/core-protocol';
import { describe, expect, onTestFinished, test } from 'vitest';
import { freeUdpPort } from '../../../test/compliance/free-udp-port.ts';
import { ManualClock } from '../../../test/compliance/manual-clock.ts';
import { DatagramRecorder } from '../../../test/compliance/recorders.ts';
import { openUdpDatagrams } from './udp-datagrams.ts';
import { UdpSocket } from './udp-socket.ts';

// The whole of 127.0.0.0/8 is this machine, so its addresses can play the part of many interfaces.
const FIRST = network('eth0', '127.1.0.1');
const SECOND = network('eth1', '127.2.0.1');
const MOVED = network('eth0', '127.1.0.99');
/** An address that this machine does not have. */
const GONE = network('eth2', '192.0.2.1');

const GROUPS = { ipv4: '239.255.67.67', ipv6: 'ff02::4343:4152' };

describe('datagrams over UDP', () => {
  test('leave from the own address of every interface', async () => {
    const { port, heard } = await scene([FIRST, SECOND]);
    port.broadcast(Buffer.from('hello'), 'subnet');
    await heard('hello', '127.1.0.1');
    await heard('hello', '127.2.0.1');
  });

  test('are sent to one endpoint from the interface with the smallest subnet around it', async () => {
    const wide = { ...FIRST, netmask: '255.0.0.0' };
    const { port, udpPort, heard, recorder } = await scene([wide, SECOND]);
    port.send(Buffer.from('near'), { host: '127.2.0.1', port: udpPort });
    await heard('near', '127.2.0.1');
    port.send(Buffer.from('far'), { host: '127.3.0.1', port: udpPort });
    await heard('far', '127.1.0.1');
    expect(recorder.datagrams).toHaveLength(2);
  });

  test('go out by the first interface that leaves this machine when no subnet is around the endpoint', async () => {
    const local = { ...FIRST, loopback: true };
    const { port, udpPort, heard } = await scene([local, SECOND]);
    port.send(Buffer.from('routed'), { host: '127.3.0.1', port: udpPort });
    await heard('routed', '127.2.0.1');
  });

  test('leave from the new address when one was replaced, and the owner is told', async () => {
    const { port, clock, become, recorder, heard } = await scene([FIRST]);
    become([MOVED]);
    clock.advance(1000);
    await recorder.until(() => recorder.changes === 1);
    expect(port.interfaces).toEqual([MOVED]);
    port.broadcast(Buffer.from('moved'), 'subnet');
    await heard('moved', '127.1.0.99');
    expect(recorder.datagrams).toHaveLength(1);
  });

  test('keep their sender, and so the port that answers come to, while other interfaces change', async () => {
    const { port, clock, become, recorder, heard } = await scene([FIRST]);
    port.broadcast(Buffer.from('before'), 'subnet');
    const before = await heard('before', '127.1.0.1');
    become([FIRST, SECOND]);
    clock.advance(1000);
    await recorder.until(() => recorder.changes === 1);
    port.broadcast(Buffer.from('after'), 'subnet');
    expect(await heard('after', '127.1.0.1')).toEqual(before);
    await heard('after', '127.2.0.1');
  });

  test('begin by themselves when the first interface appears; until then there is a warning', async () => {
    const { port, clock, become, recorder, heard } = await scene([]);
    expect(port.interfaces).toEqual([]);
    port.broadcast(Buffer.from('to nobody'), 'everywhere');
    clock.advance(1);
    expect(recorder.warnings.map(({ code }) => code)).toEqual(['ERR_NO_INTERFACE']);
    become([FIRST]);
    clock.advance(1000);
    await recorder.until(() => recorder.changes === 1);
    port.broadcast(Buffer.from('at last'), 'subnet');
    await heard('at last', '127.1.0.1');
  });

  test('go on by the other interfaces when one cannot be bound, which is tried again each second', async () => {
    const { port, clock, become, recorder, heard } = await scene([GONE, FIRST]);
    expect(port.interfaces).toEqual([FIRST]);
    port.broadcast(Buffer.from('anyway'), 'subnet');
    await heard('anyway', '127.1.0.1');
    clock.advance(1);
    expect(recorder.warnings).toEqual([
      expect.objectContaining({ code: 'ERR_SYSTEM', message: expect.stringContaining('eth2') }),
    ]);
    become([{ ...GONE, address: '127.3.0.1' }, FIRST]);
    clock.advance(1000);
    await recorder.until(() => recorder.changes === 1);
    expect(port.interfaces).toHaveLength(2);
    expect(recorder.warnings).toHaveLength(1);
  });

  test('leave from a new socket soon after one could not reach its own subnet any more', async () => {
    const broken = { ...FIRST, broadcast: '192.0.2.255' };
    const { port, udpPort, clock, recorder, heard } = await scene([broken]);
    const toOneself = { host: '127.1.0.2', port: udpPort };
    port.send(Buffer.from('before'), toOneself);
    const before = await heard('before', '127.1.0.1');
    port.broadcast(Buffer.from('into the void'), 'subnet');
    await new Promise(setImmediate); // the system has refused by now
    clock.advance(100);
    await recorder.until(() => recorder.changes === 1);
    port.send(Buffer.from('after'), toOneself);
    expect(await heard('after', '127.1.0.1')).not.toEqual(before);
    expect(recorder.warnings.map(({ code }) => code)).toEqual(['ERR_UNREACHABLE']);
  });

  test('from elsewhere than the selected interfaces are ignored', async () => {
    const { udpPort, recorder, heard } = await scene([FIRST, SECOND], { interfaces: ['eth1'] });
    for (const address of ['127.1.0.1', '127.9.0.1', '127.2.0.77']) {
      const stranger = await UdpSocket.open({
        address,
        port: 0,
        shared: false,
        onDatagram: () => {},
        onError: () => {},
      });
      stranger.send(Buffer.from(address), { host: '127.0.0.1', port: udpPort }, () => {});
      onTestFinished(() => stranger.close());
    }
    await heard('127.2.0.77', '127.2.0.77');
    expect(recorder.datagrams).toHaveLength(1);
  });

  test('that cannot be sent are warned of once a minute, whatever is wrong with them', async () => {
    const { port, clock, recorder } = await scene([FIRST]);
    const warned = async (code: string): Promise<void> => {
      await recorder.until(() => recorder.warnings.some((warning) => warning.code === code));
    };
    for (let times = 0; times < 5; times += 1) {
      port.send(Buffer.alloc(70_000), { host: '127.1.0.2', port: 9 });
      port.send(Buffer.from('x'), { host: '192.0.2.7', port: 9 });
      port.send(Buffer.from('x'), { host: 'ada.local', port: 9 });
      port.send(Buffer.from('x'), { host: '127.1.0.2', port: 70_000 });
    }
    await new Promise(setImmediate); // the system has answered by now
    await new Promise(setImmediate);
    clock.advance(10);
    await warned('ERR_SYSTEM');
    await warned('ERR_UNREACHABLE');
    expect(recorder.warnings).toHaveLength(2);
  });

  test('go on when the system will not list its interfaces for a while', async () => {
    const { port, clock, become, recorder, heard } = await scene([FIRST]);
    become(new Error('EACCES'));
    clock.advance(5000);
    expect(recorder.warnings.map(({ code }) => code)).toEqual(['ERR_SYSTEM']);
    port.broadcast(Buffer.from('still here'), 'subnet');
    await heard('still here', '127.1.0.1');
  });

  test('go out by the way that the system knows where groups are in use, and no subnet is around the endpoint', async () => {
    const { port, udpPort, heard } = await scene([SECOND], { groups: GROUPS });
    port.send(Buffer.from('routed'), { host: '127.3.0.1', port: udpPort });
    await heard('routed', '127.0.0.1');
  });

  test('are not troubled by an IPv6 address that cannot be used yet, nor by broadcasts beside one', async () => {
    const local = {
      ...network('eth0', 'fe80::99%lo'),
      family: 'IPv6',
      broadcast: undefined,
    } as const;
    const { port, clock, recorder, heard } = await scene([FIRST, local], { groups: GROUPS });
    for (let second = 1; second <= 3; second++) {
      port.broadcast(Buffer.from(`${second}`), 'everywhere');
      port.broadcast(Buffer.from(`${second}`), 'group6');
      await heard(`${second}`, '127.1.0.1');
      clock.advance(1000);
    }
    expect(port.interfaces).toEqual([FIRST]);
    expect([recorder.changes, recorder.warnings]).toEqual([0, []]);
  });

  test('are not opened on what is no port, nor on one that another program holds', async () => {
    await expect(scene([FIRST], { port: 65_536 })).rejects.toMatchObject({ code: 'ERR_OPTION' });
    const { udpPort } = await scene([FIRST], { shared: false });
    await expect(scene([FIRST], { port: udpPort })).rejects.toMatchObject({
      code: 'ERR_PORT_IN_USE',
    });
  });
});

async function scene(
  first: readonly NetworkInterface[],
  options: Partial<DatagramOptions> = {},
): Promise<{
  port: DatagramPort;
  udpPort: number;
  clock: ManualClock;
  recorder: DatagramRecorder;
  become: (next: readonly NetworkInterface[] | Error) => void;
  heard: (text: string, from: string) => Promise<unknown>;
}> {
  const clock = new ManualClock();
  const recorder = new DatagramRecorder();
  const udpPort = options.port ?? (await freeUdpPort());
  let present: readonly NetworkInterface[] | Error = first;
  const port = await openUdpDatagrams(
    { port: udpPort, interfaces: 'all', handlers: recorder, ...options },
    {
      clock,
      enumerate: () => {
        if (present instanceof Error) throw present;
        return present;
      },
    },
  );
  onTestFinished(() => port.close());
  const find = (text: string, host: string) =>
    recorder.datagrams.find((datagram) => datagram.text === text && datagram.from.host === host);
  return {
    port,
    udpPort,
    clock,
    recorder,
    become: (next) => {
      present = next;
    },
    heard: async (text, from) => {
      await recorder.until(() => find(text, from) !== undefined);
      return find(text, from)?.from;
    },
  };
}

/** An interface that looks like one of a LAN; what it broadcasts stays on this machine. */
function network(name: string, address: string): NetworkInterface {
  return {
    name,
    address,
    netmask: '255.255.0.0',
    broadcast: '127.255.255.255',
    family: 'IPv4',
    loopback: false,
  };
}
