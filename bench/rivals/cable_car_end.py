"""One end of a run on Python's cable_car: cable_car_end.py ROLE WIRE PORT WORKLOAD WARM_UP_MS MS; figures as JSON."""

import json
import struct
import sys
import time

from cable_car import byte_messages, json_messages
from cable_car.direct_connect import DirectClient, DirectServer
from cable_car.messenger import Messenger

LAST = 0xFFFFFFFF
BURST = 512
LAYOUT = struct.Struct(">IffHB6s")
FIELDS = ("sequence", "x", "y", "heading", "health", "name")


class JsonWire:
    class State(json_messages.Message):
        """A ship."""


class ByteWire:
    class State(byte_messages.Message):
        """A ship, in 21 bytes; the library's frame makes it 23."""

        code = 0x30

        def encode(self):
            values = [getattr(self, field) for field in FIELDS[:-1]]
            return bytearray(LAYOUT.pack(*values, self.name.encode()))

        def decode(self, msg_data):
            *values, name = LAYOUT.unpack(bytes(msg_data))
            for field, value in zip(FIELDS, values):
                setattr(self, field, value)
            self.name = name.decode()


def make(cls, n):
    return cls(sequence=n, x=(n & 0xFF) * 0.5, y=-2.25, heading=n & 0xFFFF, health=n & 0x7F, name="ada123")


def total(state):
    return int(state.x + state.y + state.heading + state.health) + len(state.name)


def messages(messenger):
    """Everything that comes, as fast as it can be asked for."""
    while messenger.xfer() is not False:
        message = messenger.get()
        while message is not None:
            yield message
            message = messenger.get()


def drain(messenger):
    """Writes what was sent; the library has no word for that being done."""
    while messenger.xfer() is not False and messenger._Messenger__write_buffer:
        pass


def cpu_ms():
    return time.process_time() * 1000


def receive(messenger, cls, warm_up_ms, ms):
    count = before = figures_sum = 0
    start_cpu, cpu, at = cpu_ms(), None, 0
    for state in messages(messenger):
        if state.sequence == LAST:
            break
        if state.sequence != count:
            raise SystemExit(f"message {state.sequence} came, expected {count}")
        figures_sum += total(state)
        count += 1
        if cpu is None and count % 256 == 0 and cpu_ms() - start_cpu >= warm_up_ms:
            before, cpu, at = count, cpu_ms(), time.monotonic()
    if cpu is None:
        raise SystemExit("the run ended before the receiver was warm")
    measured = count - before
    per_second = measured / (time.monotonic() - at)
    return {"messages": count, "sum": figures_sum, "perSecond": per_second, "cpuNs": (cpu_ms() - cpu) * 1e6 / measured}


def send(messenger, cls, warm_up_ms, ms):
    count = before = figures_sum = 0
    start_cpu, cpu = cpu_ms(), None
    while cpu is None or cpu_ms() - cpu < ms:
        if cpu is None and cpu_ms() - start_cpu >= 1.2 * warm_up_ms:
            before, cpu = count, cpu_ms()
        for _ in range(BURST):
            state = make(cls, count)
            figures_sum += total(state)
            messenger.send(state)
            count += 1
        drain(messenger)
    used = cpu_ms() - cpu
    messenger.send(make(cls, LAST))
    drain(messenger)
    return {"messages": count, "sum": figures_sum, "cpuNs": used * 1e6 / (count - before)}


def answer(messenger, cls, warm_up_ms, ms):
    for state in messages(messenger):
        if state.sequence == LAST:
            break
        messenger.send(make(cls, state.sequence))
    return {}


def ask(messenger, cls, warm_up_ms, ms):
    times, n = [], 0
    began = time.monotonic()
    sent = time.perf_counter()
    messenger.send(make(cls, 0))
    for state in messages(messenger):
        now = time.perf_counter()
        if state.sequence != n:
            raise SystemExit("another answer came")
        n += 1
        passed = (time.monotonic() - began) * 1000
        if passed >= warm_up_ms:
            times.append((now - sent) * 1e6)
        if passed >= warm_up_ms + ms:
            break
        sent = time.perf_counter()
        messenger.send(make(cls, n))
    messenger.send(make(cls, LAST))
    drain(messenger)
    times.sort()
    at = lambda share: times[min(len(times) - 1, int(share * len(times)))]
    return {"samples": len(times), "p50Us": at(0.5), "p99Us": at(0.99), "p999Us": at(0.999)}


def main():
    role, wire, port, workload, warm_up_ms, ms = sys.argv[1:]
    package, cls = (json_messages, JsonWire.State) if wire == "json" else (byte_messages, ByteWire.State)
    package.Message.register_messages()
    direct = (DirectServer if role == "receive" else DirectClient)(int(port), "127.0.0.1")
    direct.timeout = 20
    direct.connect()
    messenger = Messenger(direct.socket, wire)
    parts = {"throughput": (receive, send), "echo": (answer, ask)}[workload]
    figures = parts[role == "send"](messenger, cls, float(warm_up_ms), float(ms))
    print(json.dumps(figures), flush=True)


main()
