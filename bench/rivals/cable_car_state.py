"""The state of a ship as a message of Python's cable_car, of either of its kinds."""

import struct

from cable_car import byte_messages, json_messages

LAST = 0xFFFFFFFF
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


STATES = {"json": JsonWire.State, "byte": ByteWire.State}


def make(cls, n):
    return cls(sequence=n, x=(n & 0xFF) * 0.5, y=-2.25, heading=n & 0xFFFF, health=n & 0x7F, name="ada123")


def total(state):
    return int(state.x + state.y + state.heading + state.health) + len(state.name)
