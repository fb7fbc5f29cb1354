"""Encodes messages with the installed cable_car library and prints them as test vectors (JSON).

    python make_vectors.py > vectors.json

"json" holds lines, "byte" holds frames: `bytes` is what the library sends, in hexadecimal, and the rest is what its own
decoder makes of those bytes. Values are tagged, so that nothing of them is lost in JSON: an int is {"int": "digits"},
a float {"float": "its 8 bytes, big-endian, in hexadecimal"}, a dict {"dict": [[key, value], ...]}; strings, booleans,
null and lists stand for themselves.

`again`, where it is there, is what a JavaScript program sends for the same values: it has one number type, so a float
that is whole becomes an int, and it puts keys that are array indices first.
"""

import json
import struct

from cable_car import byte_messages, json_messages

SAFE = 2**53 - 1


def tagged(value):
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, int):
        return {"int": str(value)}
    if isinstance(value, float):
        return {"float": struct.pack(">d", value).hex()}
    if isinstance(value, (list, tuple)):
        return list(map(tagged, value))
    return {"dict": [[key, tagged(item)] for key, item in value.items()]}


def is_index(key):
    return key.isascii() and key.isdigit() and str(int(key)) == key and int(key) < 2**32 - 1


def as_javascript(value):
    """The value after a stay in JavaScript."""
    if isinstance(value, float):
        whole = value.is_integer() and abs(value) <= SAFE and str(value) != "-0.0"
        return int(value) if whole else value
    if isinstance(value, list):
        return [as_javascript(item) for item in value]
    if isinstance(value, dict):
        first = sorted((key for key in value if is_index(key)), key=int)
        keys = first + [key for key in value if not is_index(key)]
        return {key: as_javascript(value[key]) for key in keys}
    return value


class Dice:
    """The same numbers on every version of Python (MMIX's linear congruential generator)."""

    def __init__(self, seed):
        self.state = seed

    def bits(self, count):
        value = 0
        for _ in range(0, count, 32):
            self.state = (self.state * 6364136223846793005 + 1442695040888963407) % 2**64
            value = value << 32 | self.state >> 32
        return value >> (-count % 32)

    def below(self, limit):
        return self.bits(32) % limit


def double(bits):
    return struct.unpack(">d", struct.pack(">Q", bits))[0]


def nested(depth, make, leaf):
    value = leaf
    for _ in range(depth):
        value = make(value)
    return value


def random_value(dice, depth):
    kind = dice.below(9 if depth else 6)
    if kind == 0:
        return [None, True, False][dice.below(3)]
    if kind == 1:
        return dice.bits(1 + dice.below(80)) * (1 - 2 * dice.below(2))
    if kind == 2:
        return (dice.bits(53) + 0.5) / 2 ** dice.below(70)
    if kind <= 5:
        return random_text(dice, dice.below(12))
    if kind == 6:
        return {random_text(dice, 1 + dice.below(6)): random_value(dice, depth - 1) for _ in range(dice.below(5))}
    return [random_value(dice, depth - 1) for _ in range(dice.below(5))]


def random_text(dice, length):
    planes = ((0x20, 0x5F), (0x20, 0x5F), (0x00, 0x20), (0x80, 0x780), (0x3000, 0x6000), (0xD800, 0x800), (0x1F300, 0x400))
    text = ""
    for _ in range(length):
        first, size = planes[dice.below(len(planes))]
        text += chr(first + dice.below(size))
    return text


def json_samples():
    """(title, class name, attributes)"""
    for name in ("MsgJoin", "MsgRetry", "MsgQuit"):
        yield f"built-in {name}", name, {}
    yield "built-in MsgIdentify", "MsgIdentify", {"username": "ada", "hostname": "engine"}
    yield "built-in MsgIdentify beyond ASCII", "MsgIdentify", {"username": "zoë", "hostname": "büro.local"}

    yield "no attributes", "Ready", {}
    yield "a name beyond ASCII", "Größe", {"wert": 1}
    yield "None", "Value", {"value": None}
    yield "True and False", "Value", {"yes": True, "no": False}

    edges = [0, 1, 9, 10, 127, 128, 255, 256, 32767, 65536, 2**31 - 1, 2**31, 2**32, 10**15, 10**16]
    edges += [2**53 - 2, 2**53 - 1, 2**53, 2**53 + 1, 2**53 + 2, 2**63 - 1, 2**63, 2**64, 10**20, 10**21, 10**100, 10**400]
    for edge in edges:
        for value in {edge, -edge}:
            yield f"int {str(value)[:24]}", "Value", {"value": value}
    yield "an int of 4300 digits", "Value", {"value": 10**4300 - 1}

    floats = [0.0, -0.0, 1.0, -1.0, 100.0, 0.5, 0.1, 0.2, 0.1 + 0.2, 1 / 3, 2 / 3, 3.141592653589793, 123456.789]
    floats += [1e-3, 1e-4, 1e-5, 1.5e-5, 9.999e-5, 1e-6, 1e-7, 1.5e-7, 1e-10, 1e-100, 5e-324, 2.2250738585072014e-308]
    floats += [1e15, 9007199254740991.0, 9007199254740992.0, 9007199254740994.0, 1e16, 1.5e16, 1e17, 123456789012345680.0]
    floats += [1e20, 1e21, 1e22, 1e23, 1.5e100, 1e100, 1.7976931348623157e308, float("inf"), float("-inf"), float("nan")]
    for value in floats:
        yield f"float {value!r}", "Value", {"value": value}
    dice = Dice(1)
    for index in range(60):
        value = double(dice.bits(64))
        if value == value:
            yield f"float by chance {index}", "Value", {"value": value}

    texts = ["", " ", "hello", "/", "\\", '"', '\\"', "a\tb\nc\rd\be\ff", "\x7f", "\x80\x9f", "\u00e9", "Grüße", "日本語", "\u2028\u2029"]
    texts += ["\ufeff", "\uffff", "\ufffd", "😀", "👩‍👩‍👧", "e\u0301", "\U0010ffff", "\ud800", "\udc00", "\udc00\ud800", "a\ud83d", "NaN", "-Infinity", "12345678901234567890", "[1,2]\n", "x" * 2000]
    for text in texts:
        yield f"str {ascii(text)[:40]}", "Value", {"value": text}
    for control in range(0x20):
        yield f"str with control {control}", "Value", {"value": f"a{chr(control)}b"}

    yield "empty containers", "Value", {"list": [], "dict": {}, "nested": [[], {}, [{}]]}
    yield "a tuple", "Value", {"value": (1, "two", None)}
    yield "keys beyond ASCII", "Value", {"größe": 1, "数": 2, "😀": 3, "": 4, " ": 5, "a b": 6, 'q"': 7}
    yield "keys with a meaning in JavaScript", "Value", {"__proto__": {"polluted": True}, "constructor": 1, "toString": 2, "toJSON": 3}
    yield "keys that are not strings", "Value", {"value": {1.5: "float", True: "bool", None: "none"}}
    yield "keys that are array indices", "Value", {"value": {"b": 1, 10: 2, 9: 3, "a": 4}}
    yield "the order of keys", "Value", {"z": 1, "a": 2, "m": 3, "Z": 4, "_": 5}
    yield "many attributes", "Value", {f"key{index}": index for index in range(200)}
    yield "ints of every size in a list", "Value", {"value": [(-1) ** index * (2**index - 1) for index in range(80)]}
    yield "a list 100 deep", "Value", {"value": nested(100, lambda value: [value], 7)}
    yield "a dict 100 deep", "Value", {"value": nested(100, lambda value: {"in": value}, "leaf")}
    yield "400 deep", "Value", {"value": nested(400, lambda value: [value], None)}

    yield "a chat message", "Chat", {"text": "hello, world", "tags": ["a", "b"]}
    yield "a move", "Move", {"x": 3, "y": 4}
    stats = {"host": "engine", "cpu_percent": 12.5, "load_avg": (0.25, 0.125, 1.0625), "memory_percent": 41.7}
    stats.update({"memory_total": 25201344512, "swap_percent": 0.1, "swap_total": 2147479552, "temp": 54.5})
    yield "the figures of a machine", "MsgStats", stats
    dice = Dice(2)
    for index in range(60):
        attributes = {f"a{key}": random_value(dice, 3) for key in range(1 + dice.below(4))}
        yield f"by chance {index}", "Value", attributes


def byte_samples():
    """(title, code, payload)"""
    for length in range(254):
        code = 0x10 + length % 0xF0
        yield f"a payload of {length} bytes", code, bytes((length * 7 + at * 31) % 256 for at in range(length))


def json_vectors():
    library = json_messages.Message
    library.register_messages()
    for title, name, attributes in json_samples():
        if name not in library.registry:
            library.registry[name] = type(name, (library,), {})
        encoded = library.registry[name](**attributes).encoded()
        decoded, size = library.peel_from_buffer(encoded + b"rest")
        assert size == len(encoded) and type(decoded).__name__ == name
        pairs = [[key, tagged(value)] for key, value in vars(decoded).items()]
        vector = {"title": title, "name": name, "attributes": {"dict": pairs}, "bytes": encoded.hex()}
        again = library.registry[name](**as_javascript(vars(decoded))).encoded()
        if again != encoded:
            vector["again"] = again.hex()
        yield vector


def byte_vectors():
    library = byte_messages.Message
    builtin = (byte_messages.MsgIdentify("ada", "engine"), byte_messages.MsgJoin(), byte_messages.MsgRetry(), byte_messages.MsgQuit())
    for message in builtin:
        name = type(message).__name__
        yield {"title": f"built-in {name}", "name": name, "code": message.code, "payload": bytes(message.encode()).hex(), "bytes": message.encoded().hex()}
    for title, code, payload in byte_samples():
        members = {"code": code, "encode": lambda self: bytearray(self.payload), "decode": lambda self, data: setattr(self, "received", data)}
        kind = type(f"Bytes{code}", (library,), members)
        library.registry[code] = kind
        encoded = kind(payload=payload).encoded()
        decoded, size = library.peel_from_buffer(encoded + b"rest")
        assert size == len(encoded) and bytes(getattr(decoded, "received", b"")) == payload
        yield {"title": title, "code": code, "payload": payload.hex(), "bytes": encoded.hex()}


def print_vectors(kind, vectors, last):
    lines = (json.dumps(vector, separators=(",", ":")) for vector in vectors)
    print(f'"{kind}": [\n' + ",\n".join(lines) + ("\n]" if last else "\n],"))


if __name__ == "__main__":
    print("{")
    print_vectors("json", json_vectors(), last=False)
    print_vectors("byte", byte_vectors(), last=True)
    print("}")
