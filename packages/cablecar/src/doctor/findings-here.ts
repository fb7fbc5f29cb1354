/** What one machine can find out by itself. */
export const FINDINGS_HERE = {
  NO_NETWORK: {
    severity: 'problem',
    title: 'No network',
    meaning:
      'No interface but the loopback has an IPv4 address and its cable in. Only programs on this machine can meet.',
    fixes: {
      everywhere: 'Plug in the cable or join the Wi-Fi; programs that run need no restart.',
      linux: '`ip -br address` shows the interfaces, `nmcli device` what manages them.',
      macos: '`ifconfig` shows the interfaces; see System Settings, Network.',
      windows: '`ipconfig` shows the interfaces; see Settings, Network & internet.',
    },
  },
  UDP_PORT_IN_USE: {
    severity: 'problem',
    title: 'Another program has the UDP port to itself',
    meaning:
      'Programs that use cablecar share the UDP port on which beacons come. Another program has taken it without sharing, so no beacon can be heard here.',
    fixes: {
      everywhere:
        'End that program, or give all of yours another `udpPort`: it must be the same for everybody who is to meet.',
      linux: '`ss -lunp "sport = :18222"` shows who it is.',
      macos: '`lsof -nP -iUDP:18222` shows who it is.',
      windows: '`Get-NetUDPEndpoint -LocalPort 18222` shows whose it is.',
    },
  },
  TCP_PORT_IN_USE: {
    severity: 'problem',
    title: 'Another program has the TCP port',
    meaning: 'A program that asks for a TCP port of its own needs one that nobody else listens on.',
    fixes: {
      everywhere: 'End that program, take another `tcpPort`, or leave it out: others learn it.',
      linux: '`ss -ltnp` shows who listens.',
      macos: '`lsof -nP -iTCP -sTCP:LISTEN` shows who listens.',
      windows: '`Get-NetTCPConnection -State Listen` shows who listens.',
    },
  },
  PORT_FORBIDDEN: {
    severity: 'problem',
    title: 'The system does not give the port',
    meaning: 'The system keeps this port from this program, by its policy or for itself.',
    fixes: {
      everywhere: 'Take another port, of 1024 or above.',
      linux: 'SELinux, AppArmor and containers may forbid it; look into `journalctl`.',
      windows:
        '`netsh interface ipv4 show excludedportrange protocol=udp` lists ports that Windows keeps.',
    },
  },
  SEND_FORBIDDEN: {
    severity: 'problem',
    title: 'This machine may not send beacons',
    meaning:
      'The system refused to send a broadcast from this interface: a rule for what leaves it.',
    fixes: {
      linux: '`nft list ruleset` shows the rules; look for the hook `output`, and allow UDP 18222.',
      macos:
        'Allow the program that runs Node in System Settings, Privacy & Security, Local Network.',
      windows:
        'Allow outbound UDP 18222 in the firewall, or in the security suite that replaces it.',
    },
  },
  LOCAL_NETWORK_PRIVACY: {
    severity: 'problem',
    title: 'macOS keeps the program from the local network',
    meaning:
      'macOS asks once whether a program may find devices on the local network. Until that is allowed it answers as if there were no way to any neighbour, while the internet works. What counts is the program that Node runs in: the terminal, the editor, or your Electron app.',
    fixes: {
      macos:
        'Switch that program on in System Settings, Privacy & Security, Local Network, and start it anew. An Electron app needs `NSLocalNetworkUsageDescription` in its Info.plist.',
    },
  },
  NO_ROUTE: {
    severity: 'problem',
    title: 'No route',
    meaning:
      'The system has no way to that network: it has an address there, or none, but no route.',
    fixes: {
      everywhere: 'Give the interface its address anew, with the right subnet mask.',
      linux:
        '`ip route get ADDRESS` says what the system would do; `nmcli connection up NAME` sets routes anew.',
      macos: '`route -n get ADDRESS` says what the system would do.',
      windows: '`Find-NetRoute -RemoteIPAddress ADDRESS` says what the system would do.',
    },
  },
  FIREWALL_UDP_HERE: {
    severity: 'problem',
    title: 'A firewall on this machine keeps UDP out',
    meaning:
      'A broadcast is heard by its own sender as well, unless something on the machine drops it. Its own beacon did not come back on this interface, so those of others will not come either.',
    fixes: {
      everywhere: 'Allow incoming UDP on port 18222 from the local network.',
      linux:
        '`sudo ufw allow 18222/udp`, or `sudo firewall-cmd --permanent --add-port=18222/udp && sudo firewall-cmd --reload`; else find the rule by `sudo nft list ruleset`.',
      macos: 'System Settings, Network, Firewall: allow incoming connections for Node.',
      windows:
        'Set the network to Private; or `New-NetFirewallRule -DisplayName cablecar -Direction Inbound -Protocol UDP -LocalPort 18222 -Action Allow -Profile Any` as administrator.',
    },
  },
  FIREWALL_TCP_HERE: {
    severity: 'problem',
    title: 'A firewall on this machine keeps TCP out',
    meaning: 'Not even this machine itself can connect to a port on its own address.',
    fixes: {
      everywhere: 'Give the program a fixed `tcpPort`, and allow incoming TCP on it.',
      linux: '`sudo ufw allow PORT/tcp`, or find the rule by `sudo nft list ruleset`.',
      macos: 'System Settings, Network, Firewall: allow incoming connections for Node.',
      windows:
        '`New-NetFirewallRule -DisplayName cablecar -Direction Inbound -Program (Get-Command node).Source -Action Allow -Profile Any` as administrator.',
    },
  },
  NO_BROADCAST: {
    severity: 'note',
    title: 'An interface without broadcast',
    meaning:
      'The subnet of this interface has no room for a broadcast address, as on VPNs and other lines between two. Nobody is found by it who is not named.',
    fixes: {
      everywhere:
        "Who is expected there is named: `join({ peers: ['10.8.0.7'] })`, or `--peers`. Where nobody is, nothing needs to be done.",
    },
  },
  SELF_ASSIGNED: {
    severity: 'warning',
    title: 'An address that the machine gave itself',
    meaning:
      'Addresses that begin with 169.254 are taken when no DHCP server answers. Only machines that have such an address as well meet by it.',
    fixes: { everywhere: 'On a cable between two machines all is well. Else see why DHCP fails.' },
  },
  CONTAINER_BRIDGE: {
    severity: 'note',
    title: 'A bridge to containers or virtual machines',
    meaning:
      'This interface leads to containers or virtual machines on this computer and not to the network. Programs use it as well and meet who is there; that does no harm.',
    fixes: { everywhere: 'To leave it out, name the others: `interfaces: ["eth0"]`.' },
  },
  VPN: {
    severity: 'note',
    title: 'A VPN',
    meaning:
      'This interface is a tunnel. Most VPNs carry no broadcast, so that nobody is found through it who is not named; some keep programs from the local network while they are up.',
    fixes: {
      everywhere:
        "Who is at its other end is named: `join({ peers: ['10.8.0.7'] })`, or `--peers`. If nobody is found on the local network, allow local traffic in the settings of the VPN, or end it.",
    },
  },
  IN_CONTAINER: {
    severity: 'warning',
    title: 'Inside a container',
    meaning:
      'The program runs in a container. Unless that has the network of its host, broadcasts end at the bridge of the containers, and nobody on the real network is met who is not named.',
    fixes: {
      everywhere:
        "Name a machine of the real network, which can be reached from inside: `join({ peers: ['10.0.0.2'] })`, or `--peers`. Or start the container with `docker run --network host`.",
      macos: 'Docker Desktop must be told to in its settings: Resources, Network, host networking.',
      windows:
        'Docker Desktop must be told to in its settings: Resources, Network, host networking.',
    },
  },
  INSIDE_WSL: {
    severity: 'warning',
    title: 'Inside WSL',
    meaning:
      'Linux under Windows has a network of its own behind Windows, which broadcasts do not pass.',
    fixes: {
      everywhere:
        "Name a machine of the real network, which can be reached from inside: `join({ peers: ['10.0.0.2'] })`, or `--peers`.",
      windows:
        'Put `networkingMode=mirrored` under `[wsl2]` into `.wslconfig`, then `wsl --shutdown`.',
      linux:
        'Put `networkingMode=mirrored` under `[wsl2]` into `.wslconfig`, then `wsl --shutdown`.',
    },
  },
  SAME_SUBNET_TWICE: {
    severity: 'warning',
    title: 'Two interfaces in one subnet',
    meaning:
      'Two interfaces have addresses of overlapping subnets, such as Wi-Fi and cable of one network. Answers leave by whichever the system prefers, which fails where the two are different networks.',
    fixes: {
      everywhere: 'Switch one of them off, or give the two networks different subnets.',
    },
  },
  ADDRESS_CHANGED: {
    severity: 'warning',
    title: 'An address changed meanwhile',
    meaning:
      'An interface got another address, or lost its own, while the doctor looked. Programs notice within two seconds and connect anew; what they send is not lost.',
    fixes: {
      everywhere:
        'Run the doctor again. If it happens often, look at the cable, the Wi-Fi, and DHCP.',
    },
  },
} as const;
