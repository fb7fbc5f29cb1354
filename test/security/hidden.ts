/** What nobody must find in a log. */
export interface Hidden {
  readonly secret: string;
  readonly otherSecret: string;
  readonly weakSecret: string;
  /** In a file where a key should be. */
  readonly key: string;
  /** In messages, and in what hostile peers send. */
  readonly text: string;
}
