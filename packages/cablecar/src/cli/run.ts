// The program behind `cablecar`.
import { EXIT } from './exit-codes.ts';
import { main } from './main.ts';
import { Terminal } from './terminal.ts';

const interruption = new AbortController();
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(name, () => {
    if (interruption.signal.aborted) process.exit(EXIT.interrupted); // asked twice: at once
    interruption.abort(new Error(name));
  });
}
// Nobody reads the output any more, as behind `| head`.
process.stdout.on('error', () => interruption.abort(new Error('EPIPE')));

const terminal = new Terminal({
  input: process.stdin,
  output: process.stdout,
  errors: process.stderr,
  colour: process.env['NO_COLOR'] === undefined && process.env['TERM'] !== 'dumb',
});
process.exitCode = await main(process.argv.slice(2), terminal, interruption.signal);
// A terminal that was read from would keep the process.
process.stdin.unref?.();
