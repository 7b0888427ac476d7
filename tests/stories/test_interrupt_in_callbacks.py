"""Ctrl-C during garbage collection is noticed a moment later and not lost."""

import subprocess
import sys

SCRIPT = """
import os, signal, sys, threading, time, weakref
from nnscratch.cli import ending

class Key: pass

def churn():
    while True:  # matplotlib keeps such dictionaries of what it draws
        kept = weakref.WeakKeyDictionary()
        keys = [Key() for _ in range(300)]
        for key in keys:
            kept[key] = 1
        del keys, key

forgotten = []
ending.listen()
sys.__unraisablehook__ = forgotten.append
heard = 0
for i in range(60):
    try:
        threading.Timer(0.002 + 0.0001 * i, os.kill, (os.getpid(), signal.SIGINT)).start()
        churn()
    except KeyboardInterrupt:
        heard += 1
        signal.setitimer(signal.ITIMER_REAL, 0)
print(heard, len(forgotten))
"""


def test_ctrl_c_in_a_callback_of_a_weak_reference_is_not_lost() -> None:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.split() == ["60", "0"], done.stderr
