/** A host (an IP address, or a name where it is to be dialled) and a port. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

/** An endpoint as people write it: `10.0.0.2:8222`, `[fe80::1]:8222`. */
export function formatEndpoint({ host, port }: Endpoint): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
