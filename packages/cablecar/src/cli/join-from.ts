import type { InterfaceSelection } from '@cablecar/core-protocol';
import type { ConnectorOptions } from '@cablecar/discovery';
import type { Arguments } from './flags.ts';

const PORTS = { low: 0, high: 65_535 };

/** The options of `join()` that are among the flags; what was left out has the defaults of `join()`. */
export function joinOptions(
  args: Arguments,
): Pick<ConnectorOptions, 'service' | 'name' | 'interfaces' | 'peers' | 'udpPort' | 'tcpPort'> {
  const service = args.text('service');
  const name = args.text('name');
  const interfaces = args.text('interfaces');
  const peers = args.text('peers');
  const udpPort = args.whole('udp-port', PORTS);
  const tcpPort = args.whole('tcp-port', PORTS);
  return {
    ...(service !== undefined && { service }),
    ...(name !== undefined && { name }),
    ...(interfaces !== undefined && { interfaces: selection(interfaces) }),
    ...(peers !== undefined && { peers: list(peers) }),
    ...(udpPort !== undefined && { udpPort }),
    ...(tcpPort !== undefined && { tcpPort }),
  };
}

function selection(text: string): InterfaceSelection {
  return text === 'all' || text === 'loopback' ? text : list(text);
}

function list(text: string): readonly string[] {
  return text.split(',').map((entry) => entry.trim());
}
