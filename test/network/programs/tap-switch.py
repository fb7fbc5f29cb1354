"""
A switch for LAN tests that is as bad as it is told to be: it delays, reorders, loses, doubles and slows what it forwards.

Arguments: the number of ports, and a seed. Makes TAP devices tap0, tap1 and so on where it runs; whoever takes one into
another network namespace has a cable to this switch. Says that it is ready. Then each line of JSON on its standard input sets
some of delayMs, jitterMs, loss, duplicates (parts of 1) and bitsPerSecond (0: no limit), and is answered by a line of
what it has done so far: frames sent, lost, doubled, overtaken by later ones, and dropped where too much waited.
It ends when its standard input does.
"""
import fcntl
import heapq
import json
import os
import random
import selectors
import struct
import sys
import time

TUNSETIFF = 0x400454CA
IFF_TAP = 0x0002
IFF_NO_PI = 0x1000
LONGEST_FRAME = 2048
FRAMES_A_TURN = 64
# What may wait for a slow cable; what comes beyond is lost, as it is in a router.
QUEUE_SECONDS = 0.4


def open_tap(name):
    tap = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(tap, TUNSETIFF, struct.pack("16sH22x", name.encode(), IFF_TAP | IFF_NO_PI))
    return tap


class Switch:
    def __init__(self, ports, seed):
        self.random = random.Random(seed)
        self.taps = [open_tap(f"tap{port}") for port in range(ports)]
        self.faults = dict(delayMs=0, jitterMs=0, loss=0, duplicates=0, bitsPerSecond=0)
        self.port_of = {}  # by hardware address, as learnt from what came
        self.under_way = []  # (when it arrives, a number that keeps ties in order, port, frame)
        self.counts = dict(sent=0, lost=0, doubled=0, overtaken=0, dropped=0)
        self.latest = [0] * ports  # the number of the latest frame that a port got
        self.free_at = [0.0] * ports  # when the cable to a port has carried what was put on it

    def forward(self, port, frame):
        to, origin = frame[0:6], frame[6:12]
        self.port_of[origin] = port
        known = None if to[0] & 1 else self.port_of.get(to)
        ports = range(len(self.taps)) if known is None else [known]
        for target in ports:
            if target != port:
                self.send(target, frame)

    def send(self, port, frame):
        chance = self.random.random
        if chance() < self.faults["loss"]:
            self.counts["lost"] += 1
            return
        copies = 2 if chance() < self.faults["duplicates"] else 1
        self.counts["doubled"] += copies - 1
        for _ in range(copies):
            late = (self.faults["delayMs"] + chance() * self.faults["jitterMs"]) / 1000
            moment = self.carried(port, len(frame))
            if moment is None:
                self.counts["dropped"] += 1
                continue
            self.counts["sent"] += 1
            heapq.heappush(self.under_way, (moment + late, self.counts["sent"], port, frame))

    def carried(self, port, length):
        """When a frame that is put on a cable now is through, or None where too much waits for it."""
        now = time.monotonic()
        rate = self.faults["bitsPerSecond"]
        if rate == 0:
            return now
        begins = max(now, self.free_at[port])
        if begins - now > QUEUE_SECONDS:
            return None
        self.free_at[port] = begins + length * 8 / rate
        return self.free_at[port]

    def deliver(self):
        while self.under_way and self.under_way[0][0] <= time.monotonic():
            _, number, port, frame = heapq.heappop(self.under_way)
            self.counts["overtaken"] += number < self.latest[port]
            self.latest[port] = max(self.latest[port], number)
            try:
                os.write(self.taps[port], frame)
            except OSError:
                pass  # the host takes no more, or is gone: lost

    def pause(self):
        """How long nothing is to be delivered, at most a second."""
        return min(1, max(0, self.under_way[0][0] - time.monotonic())) if self.under_way else 1

    def take(self, port):
        for _ in range(FRAMES_A_TURN):
            try:
                self.forward(port, os.read(self.taps[port], LONGEST_FRAME))
            except OSError:
                return  # nothing more at the moment, or no host


def main():
    switch = Switch(int(sys.argv[1]), int(sys.argv[2]))
    selector = selectors.DefaultSelector()
    for port, tap in enumerate(switch.taps):
        selector.register(tap, selectors.EVENT_READ, port)
    selector.register(sys.stdin, selectors.EVENT_READ, None)
    print('{"kind": "ready"}', flush=True)
    while True:
        for key, _ in selector.select(switch.pause()):
            if key.data is not None:
                switch.take(key.data)
                continue
            line = sys.stdin.readline()
            if not line:
                return
            switch.faults.update(json.loads(line))
            print(json.dumps(switch.counts), flush=True)
        switch.deliver()


main()
