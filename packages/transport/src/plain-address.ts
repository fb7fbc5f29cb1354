/** An IPv4 address as such, also when a socket of both families met it as `::ffff:10.0.0.2`. */
export function plainAddress(address: string): string {
  return address.startsWith('::ffff:') && address.includes('.') ? address.slice(7) : address;
}
