/** How often, and for how long. */
export interface Pace {
  readonly perSecond: number;
  readonly seconds: number;
}

/** Does something so often for so long, a few together whenever the event loop comes round. */
export async function everyTick({ perSecond, seconds }: Pace, act: () => void): Promise<void> {
  const began = performance.now();
  for (let done = 0; ;) {
    const elapsed = (performance.now() - began) / 1_000;
    if (elapsed >= seconds) return;
    for (const due = Math.floor(elapsed * perSecond); done < due; done++) act();
    await new Promise((resolve) => setImmediate(resolve));
  }
}
