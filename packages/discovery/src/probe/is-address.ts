/** Whether a host is an address, and no name that has yet to be resolved. */
export function isAddress(host: string): boolean {
  return /^[\d.]+$/.test(host) || (host.includes(':') && /^[\da-f.:]+(%[\w.-]+)?$/i.test(host));
}
