// The main job: two programs that know nothing of each other meet and talk, in all three styles.
process.argv[2] = 'demo-peer.ts';
console.log('Starting two programs on this machine (loopback only) …\n');
const started = performance.now();
await import('./run-together.ts');
const seconds = ((performance.now() - started) / 1_000).toFixed(1);
console.log(`\nBoth ended by themselves after ${seconds} s, start-up included.`);
