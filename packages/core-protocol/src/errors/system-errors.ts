/** The system’s doing: the call that met it rejects, or there is a warning. */
export const SYSTEM_ERRORS = {
  ERR_CONNECTION_LOST: {
    origin: 'system',
    meaning: 'The connection ended without a goodbye.',
    remedy: 'The peer crashed or the network failed; it is met again when it comes back.',
  },
  ERR_PEER_CRASHED: {
    origin: 'system',
    meaning: 'The peer’s program ended without a goodbye; perhaps it runs again already.',
    remedy: 'Nothing here: when it runs again it is met as another life of the same peer.',
  },
  ERR_CONNECTION_REFUSED: {
    origin: 'system',
    meaning: 'Nothing accepts connections at that address and port.',
    remedy: 'Start the other program, or check the host, the port and the firewall there.',
  },
  ERR_HOST_UNKNOWN: {
    origin: 'system',
    meaning: 'A host name could not be resolved to an address.',
    remedy: 'Check the spelling, or give the address.',
  },
  ERR_UNREACHABLE: {
    origin: 'system',
    meaning: 'The network has no way to that address.',
    remedy: 'Check the address, the cable or Wi-Fi, and that both hosts are on one network.',
  },
  ERR_PORT_IN_USE: {
    origin: 'system',
    meaning: 'Another program holds the port.',
    remedy: 'Choose another port, or end the other program.',
  },
  ERR_PORT_ACCESS: {
    origin: 'system',
    meaning: 'The operating system does not allow this program to use the port or to broadcast.',
    remedy: 'Choose a port of 1024 or above, or give the program permission.',
  },
  ERR_NO_INTERFACE: {
    origin: 'system',
    meaning: 'None of the network interfaces asked for is there.',
    remedy: 'Check `interfaces`; discovery begins by itself once one appears.',
  },
  ERR_SYSTEM: {
    origin: 'system',
    meaning: 'The operating system reported trouble that has no code of its own here.',
    remedy: 'The system error is the `cause`.',
  },
} as const;
