"""A game loop at each end on Python's cable_car: messages, xfer(), and sleep until the next tick is due."""

import math
import time

from cable_car_state import LAST, make

HZ = 60
PERIOD = 1 / HZ


class Meter:
    """What this process, and the loopback as a whole, have used since it was made."""

    def __init__(self):
        self.at, self.cpu, self.sent = time.monotonic(), time.process_time(), loopback()

    def cpu_percent(self):
        return 100 * (time.process_time() - self.cpu) / (time.monotonic() - self.at)

    def per_tick(self, ticks):
        """Bytes and packets; nothing where the system does not tell."""
        names = ("bytesPerTick", "packetsPerTick")
        return {name: (now - before) / ticks for name, now, before in zip(names, loopback(), self.sent)}


def loopback():
    """Bytes and packets that have gone over the loopback, whoever's."""
    try:
        with open("/proc/net/dev") as file:
            columns = next(line.split() for line in file if line.strip().startswith("lo:"))
    except OSError:
        return ()
    return int(columns[9]), int(columns[10])


def ticks_in(ms):
    return math.ceil(ms * HZ / 1000)


def arrived(messenger):
    """What has come since the tick before. One xfer() reads a KiB at most, so until one brings no message."""
    is_more = True
    while is_more:
        if messenger.xfer() is False:
            raise SystemExit("the connection ended before the run did")
        is_more = False
        message = messenger.get()
        while message is not None:
            is_more = True
            yield message
            message = messenger.get()


def receive(messenger, cls, settings):
    # The end that sends says nothing of being warm: its messages tell by their number.
    warm = ticks_in(settings["warmUpMs"]) * settings["perTick"]
    count, meter, due = 0, None, time.monotonic()
    while True:
        for state in arrived(messenger):
            if state.sequence == LAST:
                return {"messages": count, "cpuPercent": meter.cpu_percent()}
            if state.sequence != count:
                raise SystemExit(f"message {state.sequence} came, expected {count}")
            if count == warm:
                meter = Meter()
            count += 1
        due = max(due + PERIOD, time.monotonic())
        time.sleep(max(0, due - time.monotonic()))


def send(messenger, cls, settings):
    per_tick = settings["perTick"]
    warm, measured = ticks_in(settings["warmUpMs"]), ticks_in(settings["ms"])
    count, meter, due = 0, None, time.monotonic()
    for tick in range(warm + measured):
        if tick == warm:
            meter = Meter()
        for _ in range(per_tick):
            messenger.send(make(cls, count))
            count += 1
        messenger.xfer()
        due += PERIOD
        time.sleep(max(0, due - time.monotonic()))
    figures = {"cpuPercent": meter.cpu_percent(), **meter.per_tick(measured)}
    messenger.send(make(cls, LAST))
    messenger.shutdown()  # writes what is left, and ends
    return {"messages": count, **figures}
