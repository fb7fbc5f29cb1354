/** What is found out about other machines. */
export const FINDINGS_BETWEEN = {
  NOBODY_HEARD: {
    severity: 'note',
    title: 'Nobody was heard',
    meaning:
      'This machine is well as far as it can tell by itself, but no other program announced itself while the doctor listened.',
    fixes: {
      everywhere:
        'Run `cablecar doctor --stay` on the other machine, and `cablecar doctor HOST` here, with the address that it tells.',
    },
  },
  OTHER_VERSION: {
    severity: 'problem',
    title: 'Another version',
    meaning:
      'A program announces itself in another version of the protocol than this one. The two ignore each other.',
    fixes: { everywhere: 'Update cablecar in the older of the two programs.' },
  },
  OTHER_SERVICE: {
    severity: 'warning',
    title: 'Only other services',
    meaning:
      'Programs were heard, but none of the service that was asked for. Programs of different services do not meet, by design.',
    fixes: { everywhere: 'Give the same `service` to all that are to meet; capitals count.' },
  },
  SECRET_DIFFERS: {
    severity: 'problem',
    title: 'The secrets differ',
    meaning:
      'Programs meet only where both have the same secret, or neither has one. This one has another than the doctor was given, or the same for another service, or none.',
    fixes: {
      everywhere:
        'Give the same `secret` and the same `service` to all that are to meet; a space or a line end belongs to a secret.',
    },
  },
  SECRET_UNKNOWN: {
    severity: 'note',
    title: 'Programs with a secret',
    meaning:
      'Programs were heard that have a secret, so that nobody without it can tell whose they are.',
    fixes: {
      everywhere:
        'Run `cablecar doctor --secret-file FILE` with the secret of your program in the file, to learn whether it is the same.',
    },
  },
  DUPLICATE_NAME: {
    severity: 'warning',
    title: 'Two programs of one name',
    meaning:
      'Two programs of one service call themselves the same. They meet all the same, since only ids count, but people cannot tell them apart.',
    fixes: { everywhere: 'Give each its own `name`.' },
  },
  WRONG_NETMASK: {
    severity: 'problem',
    title: 'The subnet masks differ',
    meaning:
      'The two machines are on one wire but do not agree which addresses belong to it. Then they have different broadcast addresses, and perhaps no way to each other.',
    fixes: {
      everywhere: 'Give both the same subnet mask; let DHCP do it for both rather than for one.',
      linux: '`ip -br address` shows addresses and masks, the mask as a number behind the slash.',
      macos: '`ifconfig` shows addresses and masks.',
      windows: '`ipconfig` shows addresses and masks.',
    },
  },
  OTHER_SUBNET: {
    severity: 'problem',
    title: 'The other machine is in another subnet',
    meaning:
      'Broadcasts reach only the machines of one subnet: routers do not pass them on. So programs in different subnets do not find each other, though they may be able to connect.',
    fixes: {
      everywhere:
        "Name one of the machines at the other: `join({ peers: ['10.0.0.2'] })`, or `--peers`, which is enough where they can reach each other. Or bring both into one network (often one is in the guest Wi-Fi, or behind a second router), or connect by `DirectClient` and `DirectServer`.",
    },
  },
  UDP_BLOCKED: {
    severity: 'problem',
    title: 'UDP is blocked between the two machines',
    meaning: 'TCP passes between the two, but no beacon arrives, in neither direction.',
    fixes: {
      everywhere:
        'Allow incoming UDP on port 18222 at both machines; if it is allowed there, something in between drops it, such as a managed switch or the access point.',
      linux: '`sudo ufw allow 18222/udp`, or `sudo firewall-cmd --add-port=18222/udp`.',
      windows:
        'Set the network to Private; or `New-NetFirewallRule -DisplayName cablecar -Direction Inbound -Protocol UDP -LocalPort 18222 -Action Allow -Profile Any`.',
    },
  },
  UDP_ONE_WAY: {
    severity: 'warning',
    title: 'UDP passes in one direction only',
    meaning:
      'Beacons arrive at one of the two and not at the other. They meet, since one that hears is enough, but later, and not if TCP passes only the other way.',
    fixes: {
      everywhere: 'Allow incoming UDP on port 18222 at the machine where nothing arrives.',
    },
  },
  DISCOVERY_FILTERED: {
    severity: 'problem',
    title: 'The network filters broadcasts and multicast',
    meaning:
      'Datagrams from one machine to the other pass, those to everybody do not, neither as broadcast nor as multicast. Access points and managed switches do that to save air time, or as storm control.',
    fixes: {
      everywhere:
        "Name one of the machines at the others: `join({ peers: ['10.0.0.2'] })`, or `--peers`; whom it knows is met by gossip. Or look for broadcast filter, multicast filter or proxy ARP in the settings of the access point or switch and switch it off.",
    },
  },
  BROADCAST_FILTERED: {
    severity: 'warning',
    title: 'The network filters broadcasts',
    meaning:
      'Datagrams to one machine and to the multicast group pass, broadcasts do not. Programs meet by multicast all the same; those of Python’s cable_car, which broadcast only, do not.',
    fixes: {
      everywhere:
        'Nothing has to be done. Where a classic wire is spoken, look for broadcast filter or proxy ARP in the settings of the access point or switch.',
    },
  },
  MULTICAST_FILTERED: {
    severity: 'note',
    title: 'The network filters multicast',
    meaning:
      'Datagrams to one machine and broadcasts pass, those to the multicast group do not: a switch that looks into IGMP with nobody who asks for members, or an access point. Programs meet by broadcast all the same.',
    fixes: {
      everywhere: 'Nothing has to be done.',
    },
  },
  TCP_BLOCKED: {
    severity: 'problem',
    title: 'TCP is blocked between the two machines',
    meaning:
      'The two hear each other, but no connection can be made. They see each other and never meet.',
    fixes: {
      everywhere:
        'Give the program a fixed `tcpPort`, and allow incoming TCP on it at one of the two machines at least.',
      linux: '`sudo ufw allow PORT/tcp`, or `sudo firewall-cmd --add-port=PORT/tcp`.',
      macos: 'System Settings, Network, Firewall: allow incoming connections for Node.',
      windows:
        'Set the network to Private; or `New-NetFirewallRule -DisplayName cablecar -Direction Inbound -Program (Get-Command node).Source -Action Allow -Profile Any`.',
    },
  },
  TCP_ONE_WAY: {
    severity: 'warning',
    title: 'TCP connects in one direction only',
    meaning:
      'One of the two can connect to the other, and not the other way round. They meet, since either may dial.',
    fixes: { everywhere: 'Allow incoming TCP at the machine that cannot be connected to.' },
  },
  CLIENT_ISOLATION: {
    severity: 'problem',
    title: 'The other machine is off, or the network keeps its clients apart',
    meaning:
      'The address belongs to this subnet, but nobody answers there, not even the question who has it. If the machine is on and has that address, the network passes nothing between its clients: client isolation, as in guest Wi-Fis, hotels and schools.',
    fixes: {
      everywhere:
        'Check the address on the other machine. Switch off client isolation (AP isolation, guest mode) in the access point, or take another network: a cable, or the hotspot of a phone.',
    },
  },
  HOST_SILENT: {
    severity: 'problem',
    title: 'The other machine drops everything',
    meaning:
      'The machine is there, but neither UDP nor TCP is answered: a firewall on it drops what is not expected.',
    fixes: {
      everywhere:
        'Run the doctor on the other machine; allow UDP 18222 and the TCP port of the program there.',
      windows: 'Set the network to Private there: on Public networks Windows drops everything.',
    },
  },
  NOTHING_LISTENS: {
    severity: 'problem',
    title: 'No doctor on the other machine',
    meaning:
      'The machine is there and refuses the connection: neither a doctor nor a program that could be heard runs on it, or its firewall refuses.',
    fixes: {
      everywhere: 'Run `cablecar doctor --stay` there, with the same ports, and this one again.',
    },
  },
  MTU_TOO_SMALL: {
    severity: 'problem',
    title: 'Large packets are lost',
    meaning:
      'A connection is made and short words pass, but anything longer stalls: some part of the way takes only smaller packets and does not say so (a wrong MTU).',
    fixes: {
      everywhere:
        'Set the same MTU on both machines and on what is between them, 1500 as a rule; lower it on both where a tunnel is in the way.',
      linux: '`sudo ip link set DEVICE mtu 1400`; `ping -M do -s 1372 HOST` shows what passes.',
      macos: '`sudo ifconfig DEVICE mtu 1400`; `ping -D -s 1372 HOST` shows what passes.',
      windows:
        '`netsh interface ipv4 set subinterface "Ethernet" mtu=1400`; `ping -f -l 1372 HOST` shows what passes.',
    },
  },
  CLOCK_SKEW: {
    severity: 'note',
    title: 'The clocks differ',
    meaning:
      'The clocks of the two machines are seconds apart. cablecar does not mind; times in logs and messages cannot be compared.',
    fixes: { everywhere: 'Switch on network time on both.' },
  },
} as const;
