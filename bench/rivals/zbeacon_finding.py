"""Finds others by czmq's zbeacon, of Debian's libczmq4."""

import ctypes
import os

import finding

PORT = 5670
INTERVAL_MS = 1000
PREFIX = b"BENCH"

czmq = ctypes.CDLL("libczmq.so.4")
czmq.zactor_new.restype = ctypes.c_void_p
czmq.zactor_new.argtypes = [ctypes.c_void_p, ctypes.c_void_p]
czmq.zstr_recv.restype = ctypes.c_char_p
czmq.zstr_recv.argtypes = [ctypes.c_void_p]


def join(met):
    actor = ctypes.c_void_p(czmq.zactor_new(ctypes.cast(czmq.zbeacon, ctypes.c_void_p), None))
    send = lambda *words: czmq.zsock_send(actor, *words)
    send(b"si", b"CONFIGURE", PORT)
    if not czmq.zstr_recv(actor):
        raise SystemExit("zbeacon found no network to broadcast to")
    beacon = PREFIX + os.urandom(16)
    size = ctypes.c_size_t
    send(b"sbi", b"PUBLISH", beacon, size(len(beacon)), INTERVAL_MS)
    send(b"sb", b"SUBSCRIBE", PREFIX, size(len(PREFIX)))
    czmq.zstr_recv(actor)  # the address of whoever's beacon came
    met()


finding.run(join)
