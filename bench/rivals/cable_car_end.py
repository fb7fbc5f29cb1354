"""One end of a run on Python's cable_car: cable_car_end.py ROLE WIRE PORT WORKLOAD SETTINGS; settings and figures are JSON."""

import json
import sys
import time

from cable_car.direct_connect import DirectClient, DirectServer
from cable_car.messenger import Messenger

import cable_car_ticks
from cable_car_state import LAST, STATES, make, total

BURST = 512


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


def receive(messenger, cls, settings):
    warm_up_ms = settings["warmUpMs"]
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


def send(messenger, cls, settings):
    warm_up_ms, ms = settings["warmUpMs"], settings["ms"]
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


def answer(messenger, cls, settings):
    for state in messages(messenger):
        if state.sequence == LAST:
            break
        messenger.send(make(cls, state.sequence))
    return {}


def ask(messenger, cls, settings):
    warm_up_ms, ms = settings["warmUpMs"], settings["ms"]
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


PARTS = {
    "throughput": (receive, send),
    "echo": (answer, ask),
    "ticks": (cable_car_ticks.receive, cable_car_ticks.send),
}


def main():
    role, wire, port, workload, settings = sys.argv[1:]
    direct = (DirectServer if role == "receive" else DirectClient)(int(port), "127.0.0.1")
    direct.timeout = 20
    direct.connect()
    messenger = Messenger(direct.socket, wire)
    part = PARTS[workload][role == "send"]
    figures = part(messenger, STATES[wire], json.loads(settings))
    print(json.dumps(figures), flush=True)


main()
