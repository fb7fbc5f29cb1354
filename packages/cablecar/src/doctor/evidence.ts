import type { InterfaceSelection, NetworkInterface } from '@cablecar/core-protocol';
import type { Platform } from './finding.ts';
import type { DialOutcome, Word } from './word.ts';

/** What was seen of one of this machine's IPv4 addresses. */
export interface InterfaceEvidence extends NetworkInterface {
  /** Whether its own beacon came back. */
  readonly heardItself: boolean;
  /** What the system said when a beacon was to leave: `EPERM`, `ENETUNREACH`, … */
  readonly sendErrors: readonly string[];
  /** Whether a connection to its own address was made; undefined if there was no port to try. */
  readonly dialledItself: boolean | undefined;
}

/** What was seen of a port that was to be opened. */
export interface PortEvidence {
  readonly port: number;
  readonly state: 'open' | 'in-use' | 'forbidden' | 'failed';
  /** Who has it, such as `node (pid 4242)`, where that can be told. */
  readonly holder: string | undefined;
}

/** A program that announced itself. */
export interface ProgramEvidence {
  readonly id: string;
  readonly name: string;
  readonly host: string;
  /** Undefined where its beacon cannot be read. */
  readonly port: number | undefined;
  readonly version: number;
  /** `sealed` where it has a secret that is not the doctor's. */
  readonly kind: 'doctor' | 'ours' | 'other-service' | 'other-version' | 'sealed';
  /** Whether it has a secret. */
  readonly isSealed: boolean;
  readonly serviceHash: string;
}

/** What passed between this machine and another. */
export interface HostEvidence {
  readonly address: string;
  /** Whether it was asked for, by name or address. */
  readonly asked: boolean;
  /** What its doctor calls itself. */
  readonly name: string | undefined;
  /** What came from there. */
  readonly broadcast: boolean;
  readonly multicast: boolean;
  readonly unicast: boolean;
  readonly tcp: boolean;
  /** What came of dialling it; undefined if it was not. */
  readonly dial: DialOutcome | undefined;
  /** Whether it answers on the link itself (ARP); undefined where that cannot be told. */
  readonly onLink: boolean | undefined;
  /** Whether its doctor was given the same secret; undefined unless both were given one. */
  readonly hasSameSecret: boolean | undefined;
  /** What its doctor said last, and when that was by this machine's clock. */
  readonly word: Word | undefined;
  readonly wordAtMs: number;
}

/** Everything that a diagnosis is made from. Plain values: it can be kept, sent, and judged again. */
export interface Evidence {
  readonly platform: Platform;
  readonly inContainer: boolean;
  readonly inWsl: boolean;
  readonly service: string;
  /** Whether the service was named, or is the default. */
  readonly serviceAsked: boolean;
  /** Whether the doctor was given a secret. */
  readonly hasSecret: boolean;
  /** Which interfaces were to be looked at. */
  readonly selection: InterfaceSelection;
  readonly udp: PortEvidence;
  readonly tcp: PortEvidence;
  readonly interfaces: readonly InterfaceEvidence[];
  readonly programs: readonly ProgramEvidence[];
  readonly hosts: readonly HostEvidence[];
  /** Sentences about interfaces that changed while the doctor looked. */
  readonly changes: readonly { readonly name: string; readonly seen: string }[];
}
