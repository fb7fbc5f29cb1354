"""A program on Python's cable_car, for tests: what it does is said by its arguments, what happens comes out as JSON lines.

    python peer.py broadcast --wire json --send 1000 --expect 1000
    python peer.py server --host 10.77.0.2 --wire byte --echo
    python peer.py client --host 10.77.0.3 --tcp-port 8223 --send 5
    python peer.py broadcast --wire json --stats --udp-port 8226 --tcp-port 8227 --every 3

It ends when it has sent and received what it was told to (and `--linger` seconds later), when a line comes in on
standard input, or after `--seconds`; before that it shuts its messengers down, or exits without a word (`--vanish`).

What programs do with the connector's sockets differs, so `--use` chooses one of four ways:
  all    a messenger for each socket handed to on_connect_function (the default)
  first  a messenger for the first socket of each address; later ones are kept and never read
  last   a messenger for the latest socket of each address in place of the one before, which is kept and never read
  table  no on_connect_function: the connector runs for `--connect-seconds`, then its table of sockets is used
"""

import argparse
import json
import logging
import os
import socket
import struct
import sys
import threading
import time
import zlib

from cable_car import byte_messages, json_messages
from cable_car.broadcast_connector import BroadcastConnector
from cable_car.direct_connect import DirectClient, DirectServer
from cable_car.messenger import Messenger

START = time.monotonic()


def tell(event, **facts):
    sys.stdout.write(json.dumps({"event": event, "ms": round((time.monotonic() - START) * 1000), **facts}) + "\n")
    sys.stdout.flush()


def plain(value):
    """The value as every reader of JSON takes it: what JSON or a double cannot say becomes a string."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return list(map(plain, value))
    if isinstance(value, bytes):
        return value.hex()
    exact = not isinstance(value, (int, float)) or abs(value) < 2**53
    return value if exact else repr(value)


class JsonWire:
    class Count(json_messages.Message):
        """The n-th of many."""

    class Chat(json_messages.Message):
        pass

    class Move(json_messages.Message):
        pass

    class MsgStats(json_messages.Message):
        """What a machine is doing."""

    MsgQuit = json_messages.MsgQuit
    MsgIdentify = json_messages.MsgIdentify
    MsgJoin = json_messages.MsgJoin

    @staticmethod
    def count(n, size):
        return JsonWire.Count(n=n, text="x" * size)

    @staticmethod
    def stats():
        one, five, fifteen = os.getloadavg()
        pages, page = os.sysconf("SC_PHYS_PAGES"), os.sysconf("SC_PAGE_SIZE")
        free = os.sysconf("SC_AVPHYS_PAGES")
        return JsonWire.MsgStats(
            host=socket.gethostname(),
            cpu_percent=round(min(100.0, 100 * one / os.cpu_count()), 1),
            load_avg=(one, five, fifteen),
            memory_percent=round(100 - 100 * free / pages, 1),
            memory_total=pages * page,
            swap_percent=0.0,
            swap_total=0,
        )


class ByteWire:
    class Count(byte_messages.Message):
        """The n-th of many: four bytes, big-endian, and a filling."""

        code = 0x20

        def encode(self):
            return bytearray(struct.pack(">I", self.n)) + self.filling

        def decode(self, msg_data):
            (self.n,) = struct.unpack(">I", msg_data[:4])
            self.filling = bytes(msg_data[4:])

    class Raw(byte_messages.Message):
        """Bytes as they are."""

        code = 0x21

        def encode(self):
            return bytearray(self.data)

        def decode(self, msg_data):
            self.data = bytes(msg_data)

    MsgQuit = byte_messages.MsgQuit
    MsgIdentify = byte_messages.MsgIdentify
    MsgJoin = byte_messages.MsgJoin

    @staticmethod
    def count(n, size):
        return ByteWire.Count(n=n, filling=b"x" * size)


class Peer:
    def __init__(self, options):
        self.options = options
        self.wire = JsonWire if options.wire == "json" else ByteWire
        self.messengers = []
        self.unused = []
        self.received = 0
        self.checksum = 0
        self.crc = 0
        self.lock = threading.Lock()
        self.asked_to_end = False
        self.invited = None

    def meet(self, sock):
        local, remote = sock.getsockname(), sock.getpeername()
        tell("connected", local=local[1], address=remote[0], port=remote[1])
        with self.lock:
            same = [messenger for messenger in self.messengers if messenger.remote_ip == remote[0]]
            if same and self.options.use == "first":
                self.unused.append(sock)
                return
            if self.options.use == "last":
                self.messengers = [messenger for messenger in self.messengers if messenger not in same]
                self.unused += same
            messenger = Messenger(sock, self.options.wire)
            messenger.sent = 0
            messenger.port = local[1]
            messenger.next_at = 0.0
            if self.options.identify:
                messenger.send(self.wire.MsgIdentify())
            self.messengers.append(messenger)
        if self.options.once and self.connector:
            self.connector.stop_broadcasting()

    def connect(self):
        options = self.options
        self.connector = None
        if options.kind == "broadcast":
            self.connector = BroadcastConnector()
            self.connector.udp_port = options.udp_port
            self.connector.tcp_port = options.tcp_port
            self.connector.broadcast_interval = options.interval
            self.connector.allow_loopback = options.loopback
            if options.use == "table":
                self.connector.timeout = options.connect_seconds
                self.connector.connect()
                tell("addresses", addresses=list(self.connector.addresses()))
                for sock in self.connector.sockets.values():
                    self.meet(sock)
            else:
                self.connector.on_connect_function = self.meet
                threading.Thread(target=self.connector.connect, daemon=True).start()
            tell("announcing")
            return
        kind = DirectServer if options.kind == "server" else DirectClient
        direct = kind(options.tcp_port, options.host)
        direct.timeout = options.connect_seconds
        tell("connecting")
        # The library joins its timeout thread also after success, which takes up to a quarter of a second.
        direct.connect()
        try:
            direct.socket.getpeername()
        except (AttributeError, OSError):  # none, or one that never connected
            tell("not-connected")
            return
        self.meet(direct.socket)

    def run(self):
        end_at = time.monotonic() + self.options.seconds
        done_at = None
        while time.monotonic() < end_at and not self.asked_to_end:
            with self.lock:
                messengers = list(self.messengers)
            busy = False
            for messenger in messengers:
                busy = self.serve(messenger) or busy
            if done_at is None and self.is_done(messengers):
                done_at = time.monotonic() + self.options.linger
                tell("done", received=self.received, checksum=self.checksum, crc=self.crc)
            if done_at is not None and time.monotonic() >= done_at:
                break
            if not busy:
                time.sleep(0.001)
        with self.lock:
            messengers = list(self.messengers)
        tell("end", received=self.received, checksum=self.checksum, closed=[messenger.closed for messenger in messengers])
        if self.options.vanish:
            os._exit(0)
        for messenger in messengers:
            if self.options.goodbye and not messenger.closed:
                messenger.send(self.wire.MsgQuit())
            try:
                messenger.shutdown()
            except OSError as error:
                tell("shutdown-failed", error=str(error))
        sys.stdout.flush()
        os._exit(0)

    def is_done(self, messengers):
        options = self.options
        if options.expect is None and options.send == 0:
            return False
        sent = bool(messengers) and all(messenger.sent >= options.send for messenger in messengers)
        return sent and self.received >= (options.expect or 0)

    def serve(self, messenger):
        options = self.options
        if messenger.closed:
            if not getattr(messenger, "told", False):
                messenger.told = True
                tell("closed", address=messenger.remote_ip)
            return False
        busy = False
        if options.stats and time.monotonic() >= messenger.next_at:
            messenger.next_at = time.monotonic() + options.every
            messenger.send(self.wire.stats())
        for _ in range(50):
            if messenger.sent < options.send:
                messenger.send(self.wire.count(messenger.sent, options.size))
                messenger.sent += 1
                busy = True
        messenger.xfer()
        while True:
            try:
                message = messenger.get()
            except Exception as error:  # the library raises here for good once it met what it does not know
                tell("stuck", error=f"{type(error).__name__}: {error}")
                messenger.close()
                return busy
            if message is None:
                return busy
            busy = True
            self.take(messenger, message)

    def take(self, messenger, message):
        self.received += 1
        if hasattr(message, "n"):
            self.checksum = (self.checksum * 31 + message.n) % 2**32
            self.crc = zlib.crc32(message.encoded(), self.crc)
        if not self.options.quiet:
            facts = {"name": type(message).__name__, "attributes": plain(vars(message)), "local": messenger.port}
            tell("message", bytes=message.encoded().hex(), **facts)
        if self.options.echo:
            messenger.send(message)
        if isinstance(message, self.wire.MsgQuit):
            self.asked_to_end = True
        if isinstance(message, self.wire.MsgIdentify) and message.username == self.options.invite:
            self.invited = messenger
            messenger.send(self.wire.MsgJoin())
        if isinstance(message, self.wire.MsgJoin):
            self.join(messenger)

    def join(self, messenger):
        """Plays with whom it has invited, or who has invited it, and with nobody else."""
        if self.invited is not messenger:
            if not self.options.accept:
                return
            messenger.send(self.wire.MsgJoin())
            messenger.xfer()
        tell("match", address=messenger.remote_ip)
        with self.lock:
            for other in self.messengers:
                if other is not messenger:
                    other.close()

    def listen(self):
        sys.stdin.readline()
        self.asked_to_end = True


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kind", choices=("broadcast", "client", "server"))
    parser.add_argument("--wire", choices=("json", "byte"), default="json")
    parser.add_argument("--host", default="127.0.0.1", help="where a client connects to, what a server binds to")
    parser.add_argument("--udp-port", type=int, default=8222)
    parser.add_argument("--tcp-port", type=int, default=8223)
    parser.add_argument("--interval", type=float, default=1.0, help="seconds between broadcasts")
    parser.add_argument("--loopback", action="store_true", help="connect to this machine's own address as well")
    parser.add_argument("--use", choices=("all", "first", "last", "table"), default="all")
    parser.add_argument("--once", action="store_true", help="stop the connector after the first connection")
    parser.add_argument("--connect-seconds", type=float, default=5.0, help="the timeout of server, client and table")
    parser.add_argument("--identify", action="store_true", help="send MsgIdentify at once on each connection")
    parser.add_argument("--invite", help="the username of whom to send MsgJoin")
    parser.add_argument("--accept", action="store_true", help="answer MsgJoin by MsgJoin")
    parser.add_argument("--send", type=int, default=0, help="Count messages to send on each connection")
    parser.add_argument("--size", type=int, default=8, help="filling of each Count, in bytes")
    parser.add_argument("--expect", type=int, help="messages to receive, of all kinds")
    parser.add_argument("--echo", action="store_true", help="send back every message")
    parser.add_argument("--stats", action="store_true", help="send MsgStats (JSON only)")
    parser.add_argument("--every", type=float, default=1.0, help="seconds between MsgStats")
    parser.add_argument("--quiet", action="store_true", help="do not print each message")
    parser.add_argument("--goodbye", action="store_true", help="send MsgQuit last")
    parser.add_argument("--vanish", action="store_true", help="exit without shutting down")
    parser.add_argument("--linger", type=float, default=0.0)
    parser.add_argument("--seconds", type=float, default=30.0)
    return parser.parse_args()


if __name__ == "__main__":
    logging.disable()  # a client that cannot connect logs thousands of lines a second
    peer = Peer(arguments())
    threading.Thread(target=peer.listen, daemon=True).start()
    tell("start", pid=os.getpid())
    peer.connect()
    peer.run()
