/** The longest name a peer may have, in code points. */
export const MAX_NAME_LENGTH = 64;

// Control characters (a terminal would obey them), lone surrogates, line separators, and what turns the direction of
// the text around it.
const UNSAFE = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu;

/**
 * Text that can be shown to people wherever it came from: NFC, without control, direction or broken characters,
 * trimmed, cut to `maxLength` code points.
 */
export function cleanText(text: string, maxLength: number): string {
  const safe = text.replace(UNSAFE, '').normalize('NFC').trim();
  return safe.length <= maxLength ? safe : [...safe].slice(0, maxLength).join('').trim();
}

/** A peer's name as it may be shown: cleaned, and never empty. */
export function cleanName(name: string, id: string): string {
  return cleanText(name, MAX_NAME_LENGTH) || id.slice(0, 8);
}

/** Text on one line, with everything that {@link cleanText} would take out spelled out instead: `\u{1b}`. */
export function escapeText(text: string): string {
  return text.replace(UNSAFE, (unsafe) => `\\u{${unsafe.codePointAt(0)!.toString(16)}}`);
}
