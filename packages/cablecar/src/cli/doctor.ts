import { readFile } from 'node:fs/promises';
import type { InterfaceSelection } from '@cablecar/core-protocol';
import { enumerateInterfaces, selectInterfaces } from '@cablecar/transport';
import { diagnose } from '../doctor/diagnose.ts';
import type { Call } from './command.ts';
import { diagnosisText } from './diagnosis-text.ts';
import { EXIT } from './exit-codes.ts';
import { UsageError } from './flags.ts';
import { joinOptions } from './join-from.ts';

/** `cablecar doctor` */
export async function run({ args, terminal, signal }: Call): Promise<number> {
  const [host] = args.positionals;
  const waitMs = args.has('stay') ? Infinity : args.seconds('wait');
  const isJson = args.has('json');
  const options = joinOptions(args);
  if (args.has('stay')) {
    const where = ownAddresses(options.interfaces).join(' and ');
    terminal.note(`Answering other doctors at ${where} until Ctrl-C …`);
  } else if (!isJson) terminal.note('Listening …');
  const secretFile = args.text('secret-file');
  const diagnosis = await diagnose({
    ...options,
    ...(secretFile !== undefined && { secret: await secretIn(secretFile) }),
    ...(host !== undefined && { host }),
    ...(waitMs !== undefined && { waitMs }),
    signal,
  });
  if (isJson) terminal.printJson(diagnosis);
  else terminal.print(diagnosisText(diagnosis, (style, text) => terminal.paint(style, text)));
  return diagnosis.well ? EXIT.done : EXIT.failed;
}

/** A secret comes in a file: a command line is there for every user of the machine to read. */
async function secretIn(path: string): Promise<string> {
  try {
    return (await readFile(path, 'utf8')).replace(/\r?\n$/, '');
  } catch (error) {
    throw new UsageError(`the secret file cannot be read: ${(error as Error).message}`);
  }
}

/** Where doctors on other machines find this one. */
function ownAddresses(selection: InterfaceSelection = 'all'): string[] {
  return selectInterfaces(enumerateInterfaces(), selection)
    .filter(({ family, loopback }) => family === 'IPv4' && !loopback)
    .map(({ address }) => address);
}
