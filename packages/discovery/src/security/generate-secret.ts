import { systemRandom } from '@cablecar/transport';

/** Without those that are taken for others when read aloud or copied by hand: i, l, o, u. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const GROUPS = 4;
const GROUP_LENGTH = 5;

/** A secret that nobody guesses, fit to be read out and typed: 100 random bits, such as `7k2mq-x0vdt-9hrab-tn4wz`. */
export function generateSecret(): string {
  const characters = [...systemRandom.bytes(GROUPS * GROUP_LENGTH)].map(
    (byte) => ALPHABET[byte % ALPHABET.length] as string,
  );
  const groups = Array.from({ length: GROUPS }, (_, at) =>
    characters.slice(at * GROUP_LENGTH, (at + 1) * GROUP_LENGTH).join(''),
  );
  return groups.join('-');
}
