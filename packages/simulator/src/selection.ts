import type { InterfaceSelection } from '@cablecar/core-protocol';
import type { Nic } from './lan.ts';

/** Whether a selection of interfaces means this one. */
export function isSelected(nic: Nic, selection: InterfaceSelection): boolean {
  if (selection === 'all') return true;
  if (selection === 'loopback') return nic.lan === undefined;
  return selection.includes(nic.name) || selection.includes(nic.address);
}
