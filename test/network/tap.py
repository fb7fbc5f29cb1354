"""Hears every frame on a device and sends datagrams from whatever address it is told.

Arguments: the device, and the file that gets the bytes of all frames. Told {"do": "send", ...} on its standard input it
sends a UDP datagram with that source, and told {"do": "tell"} it prints who opened TCP connections to whom.
"""

import json
import select
import socket
import struct
import sys

ETH_P_ALL = 3
SOL_PACKET, ADD_MEMBERSHIP, PROMISCUOUS = 263, 1, 1

device, path = sys.argv[1:]
tap = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
tap.bind((device, 0))
membership = struct.pack("iHH8s", socket.if_nametoindex(device), PROMISCUOUS, 0, b"")
tap.setsockopt(SOL_PACKET, ADD_MEMBERSHIP, membership)
tap.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2**24)
raw = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW)
raw.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
seen = open(path, "wb")
opened, frames = set(), 0


def hear(frame):
    """Keeps a frame, and notes whom a SYN in it comes from and goes to."""
    seen.write(frame)
    if len(frame) < 54 or frame[12:14] != b"\x08\x00" or frame[23] != socket.IPPROTO_TCP:
        return
    tcp = 14 + 4 * (frame[14] & 15)
    if frame[tcp + 13] & 0x12 == 0x02:
        opened.add((socket.inet_ntoa(frame[26:30]), socket.inet_ntoa(frame[30:34])))


def send(source, to, port, payload):
    """Sends a datagram, which bears the source address that it is given."""
    udp = struct.pack("!HHHH", port, port, 8 + len(payload), 0) + payload
    addresses = socket.inet_aton(source) + socket.inet_aton(to)
    head = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(udp), 0, 0, 64, socket.IPPROTO_UDP, 0)
    raw.sendto(head + addresses + udp, (to, 0))


print(json.dumps({"kind": "ready"}), flush=True)
while True:
    ready, _, _ = select.select([tap, sys.stdin], [], [])
    if tap in ready:
        frame = tap.recv(65535)
        frames += 1
        hear(frame)
    if sys.stdin not in ready:
        continue
    line = sys.stdin.readline()
    if not line:
        break
    order = json.loads(line)
    if order["do"] == "send":
        send(order["source"], order["to"], order["port"], bytes.fromhex(order["hex"]))
    else:
        seen.flush()
        print(json.dumps({"kind": "told", "frames": frames, "opened": sorted(opened)}), flush=True)
