"""Reads a stream of the classic wire with the installed library, and prints what it makes of it (JSON).

    python reread.py json|byte < stream-in-hexadecimal

Every class that a line names is registered first. For each message: its name or code, its values (tagged as in
make_vectors.py), and the bytes that the library sends for it. `left` is what it could not read.
"""

import json
import sys

from cable_car import byte_messages, json_messages
from make_vectors import tagged


def reread_json(stream):
    library = json_messages.Message
    library.register_messages()
    for line in bytes(stream).split(b"\n")[:-1]:
        name = json.loads(line)[0]
        library.registry.setdefault(name, type(name, (library,), {}))
    return reread(library, stream, lambda message: {"name": type(message).__name__, "attributes": tagged(vars(message))})


def reread_byte(stream):
    library = byte_messages.Message
    library.register_messages()
    for code in range(0x05, 0x100):
        members = {"code": code, "encode": lambda self: self.payload, "payload": bytearray()}
        members["decode"] = lambda self, data: setattr(self, "payload", data)
        library.registry[code] = type(f"Bytes{code}", (library,), members)
    return reread(library, stream, lambda message: {"code": message.code, "payload": bytes(message.encode()).hex()})


def reread(library, stream, describe):
    messages = []
    while True:
        message, size = library.peel_from_buffer(stream)
        if not size:
            return {"messages": messages, "left": stream.hex()}
        messages.append({**describe(message), "bytes": message.encoded().hex()})
        stream = stream[size:]


if __name__ == "__main__":
    read = reread_json if sys.argv[1] == "json" else reread_byte
    json.dump(read(bytearray.fromhex(sys.stdin.read())), sys.stdout)
