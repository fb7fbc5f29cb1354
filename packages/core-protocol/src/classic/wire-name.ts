/** Which of cable_car's two framings a connection speaks. Nothing on the wire tells; both ends have to know. */
export type ClassicWire = 'classic-json' | 'classic-byte';

/** What is spoken on a connection: cablecar's own wire, or one of the two of Python's cable_car 1.0.1. */
export type WireName = 'native' | ClassicWire;

/** Every wire there is. */
export const WIRES: readonly WireName[] = ['native', 'classic-json', 'classic-byte'];
