/** The systems that a fix may be for. */
export type Platform = 'linux' | 'macos' | 'windows';

/** A problem keeps programs from meeting, a warning may, a note explains. */
export type Severity = 'problem' | 'warning' | 'note';

/** One row of the table of findings. */
export interface FindingSpec {
  readonly severity: Severity;
  /** The heading in docs/troubleshooting.md. */
  readonly title: string;
  /** What it means, for people. */
  readonly meaning: string;
  /** What to do: everywhere, and on one system. 18222 stands for the UDP port in use. */
  readonly fixes: Readonly<Partial<Record<Platform | 'everywhere', string>>>;
}
