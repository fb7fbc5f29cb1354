import type { ErrorOrigin, ErrorSpec } from '@cablecar/core-protocol';
import { generatedFrom, page, table } from './markdown.ts';

const ROADS: Readonly<Record<ErrorOrigin, { readonly whose: string; readonly road: string }>> = {
  local: {
    whose: 'the program that uses cablecar',
    road: 'it is thrown at the call, or rejects the promise that the call returned',
  },
  remote: {
    whose: 'a peer, or a stranger on the network',
    road: "it closes that peer's connection and nothing else, and comes with its `'close'`; where nothing has to close it is a `'warning'`; a call that waits for that very peer is rejected with it",
  },
  system: {
    whose: 'the operating system or the network',
    road: "it rejects the call that met it; where no call waits it is a `'warning'`, or comes with a `'close'`",
  },
};

/** `docs/errors.md`, from the table of error codes. */
export async function errorsPage(): Promise<string> {
  const { ERROR_CODES } = await import('@cablecar/core-protocol');
  return renderErrors(ERROR_CODES);
}

/** The page of any table of error codes. */
export function renderErrors(codes: Readonly<Record<string, ErrorSpec>>): string {
  const origins = Object.keys(ROADS) as ErrorOrigin[];
  return page(
    '# Errors',
    generatedFrom('packages/core-protocol/src/errors/error-codes.ts'),
    'Every error is a `CableCarError`. Its `code` is stable and made to be matched on; its message reads `[CODE] what was seen, what was expected`, is for people and may change; its `cause` is the error beneath it, where there is one. `CableCarError.is(value, code)` knows one also when another copy of the package made it.',
    'Its `origin` says whose doing it was, and with that how it reaches you, unless its own heading says otherwise. No long-lived object emits `error`: an error that nobody listens for never ends the process.',
    table(
      ['origin', 'whose doing', 'how it reaches you'],
      origins.map((origin) => [`\`${origin}\``, ROADS[origin].whose, ROADS[origin].road]),
    ),
    ...origins.flatMap((origin) => [
      `## Origin: ${origin}`,
      ...Object.entries(codes)
        .filter(([, spec]) => spec.origin === origin)
        .map(section),
    ]),
  );
}

function section([code, { origin, meaning, remedy, road = ROADS[origin].road }]: [
  string,
  ErrorSpec,
]): string {
  const lines = [`**What to do:** ${remedy}`, `**How it reaches you:** ${road}.`];
  return page(`### ${code}`, meaning, lines.map((line) => `- ${line}`).join('\n'));
}
