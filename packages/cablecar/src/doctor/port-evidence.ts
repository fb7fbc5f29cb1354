import { CableCarError } from '@cablecar/core-protocol';
import type { PortEvidence } from './evidence.ts';
import { portHolder, type PortKind } from './port-holder.ts';

/** What is known of a port that could not be opened. */
export async function portEvidence(
  kind: PortKind,
  port: number,
  error: unknown,
): Promise<PortEvidence> {
  if (CableCarError.is(error, 'ERR_PORT_IN_USE')) {
    return { port, state: 'in-use', holder: await portHolder(kind, port) };
  }
  const state = CableCarError.is(error, 'ERR_PORT_ACCESS') ? 'forbidden' : 'failed';
  return { port, state, holder: undefined };
}
