import type { Link } from '@cablecar/core-protocol';

/** What a link told somebody who would go on with another connection. */
export class Listening {
  readonly told: string[] = [];
  received = '';

  constructor(link: Link) {
    link.attach({
      onChunk: (bytes) => (this.received += Buffer.from(bytes).toString()),
      onDrain: () => {},
      onEnd: () => this.told.push('end'),
      onClose: (error) => this.told.push(`close ${error?.code}`),
      onDown: () => this.told.push('down'),
      onUp: () => this.told.push('up'),
    });
  }
}
