/** Kinds of characters, and how many there are of each. */
const KINDS = [
  { pattern: /[a-z]/u, size: 26 },
  { pattern: /[A-Z]/u, size: 26 },
  { pattern: /[0-9]/u, size: 10 },
  { pattern: /[^a-zA-Z0-9]/u, size: 32 },
] as const;

/** A word of a dictionary, whatever its length: one of 7,776, as on the lists that dice choose from. */
const BITS_OF_WORD = Math.log2(7776);
/** Letters this many in a row, and in one case, are taken for a word. */
const SHORTEST_WORD = 3;

/**
 * About how many bits a secret is worth against somebody who guesses the way people choose: words count as words,
 * not as letters, and what repeats or runs on (`aaaa`, `1234`) counts once. Generous to nobody but dice.
 */
export function secretStrength(secret: string): number {
  const kinds = KINDS.filter(({ pattern }) => pattern.test(secret));
  const bitsOfCharacter = Math.log2(kinds.reduce((sum, { size }) => sum + size, 0) || 1);
  let bits = 0;
  const seen = new Set<string>();
  for (const part of secret.match(/\p{Lu}?\p{Ll}+|\p{Lu}+|[^\p{L}]+|./gu) ?? []) {
    if (seen.has(part.toLowerCase())) continue;
    seen.add(part.toLowerCase());
    const byCharacter = surprises(part) * bitsOfCharacter;
    const isWord = /^\p{L}+$/u.test(part) && part.length >= SHORTEST_WORD;
    bits += isWord ? Math.min(byCharacter, wordBits(part)) : byCharacter;
  }
  return bits;
}

/** Long words may be several that were written together, or random letters. */
function wordBits(word: string): number {
  return BITS_OF_WORD * Math.ceil(word.length / 8);
}

/** Characters that are not the one before, nor its neighbour, nor a separator seen already. */
function surprises(part: string): number {
  const codes = [...part].map((character) => character.codePointAt(0) as number);
  return codes.filter((code, at) => at === 0 || Math.abs(code - (codes[at - 1] as number)) > 1)
    .length;
}
