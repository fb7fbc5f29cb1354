/** Which interfaces to use: all (loopback included), loopback alone, or those of these names or addresses. */
export type InterfaceSelection = 'all' | 'loopback' | readonly string[];

/** One address of one network interface. */
export interface NetworkInterface {
  /** The system's name for it, such as `eth0`. */
  readonly name: string;
  readonly address: string;
  readonly netmask: string;
  /** The subnet's broadcast address; the loopback's is 127.255.255.255. Undefined where there is none: /31, /32, IPv6. */
  readonly broadcast: string | undefined;
  readonly family: 'IPv4' | 'IPv6';
  readonly loopback: boolean;
}
