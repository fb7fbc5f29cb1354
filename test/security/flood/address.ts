/** The loopback address of the hostile host of that number; all of them are this machine. */
export function hostileAddress(number: number): string {
  return `127.66.${Math.floor(number / 250)}.${(number % 250) + 1}`;
}
