import type { LanHost } from '../network/lan-host.ts';
import { pythonEnvironment } from './environment.ts';
import { PythonPeer } from './python-peer.ts';

const python = await pythonEnvironment();

/**
 * Starts a program on Python's cable_car on a host, to be ended with the LAN. The library starts only where a route leads
 * to the Internet, though nobody has to answer there; it broadcasts on that network alone.
 */
export function startPython(host: LanHost, args: readonly string[], lan = 0): PythonPeer {
  host.exec('ip', 'route', 'replace', 'default', 'dev', host.cable(lan).device);
  return new PythonPeer({ python: python ?? '', args, inside: host.inside });
}
