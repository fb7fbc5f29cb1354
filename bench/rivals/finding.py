"""How a program that finds others is spoken with: it says what has happened, joins at a line and ends with its input."""

import os
import sys
import threading


def say(word):
    sys.stdout.write(word + "\n")
    sys.stdout.flush()


def run(join):
    """`join` is given what to call when somebody was met; it may block."""
    say("loaded")
    sys.stdin.readline()
    threading.Thread(target=join, args=(lambda: say("met"),), daemon=True).start()
    say("there")
    sys.stdin.read()
    os._exit(0)  # whatever its threads do
