"""Signals end a process by an exception, also where Python itself would swallow that."""

import signal
import sys
from pathlib import Path

import pytest

from tests.processes import command

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="sends signals as Linux does")

# A signal arrives in a callback whose exceptions Python prints and ignores; then there is time.
SWALLOWED = """
import gc, os, signal, sys, time, weakref
import nnscratch.cli.main

class Thing:
    pass

class Finalized:
    def __del__(self):
        arrive()

def arrive(*_):
    os.kill(os.getpid(), {number})
    for _ in range(10):
        pass

def begin(_):
    {trigger}
    time.sleep(20)
    print("it went on")
    return 0

nnscratch.cli.main.main = begin
"""
TRIGGERS = {
    "a weak reference's callback": "thing = Thing(); r = weakref.ref(thing, arrive); del thing",
    "a finalizer": "Finalized()",
    "the collection of garbage": "gc.callbacks.append(arrive); gc.collect(); gc.callbacks.clear()",
    "no callback": "arrive()",
}


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
@pytest.mark.parametrize("trigger", TRIGGERS)
def test_a_signal_in_a_callback_ends_the_process_without_a_traceback(
    trigger: str, number: signal.Signals, tmp_path: Path
) -> None:
    patch = SWALLOWED.format(number=int(number), trigger=TRIGGERS[trigger])
    code, out, err = command("runs", cwd=tmp_path, patch=patch)
    assert (code, out, err) == (128 + number, "", "")


def test_other_errors_in_callbacks_are_shown_as_ever(tmp_path: Path) -> None:
    patch = SWALLOWED.format(number=0, trigger="Finalized()").replace("sleep(20)", "sleep(0)")
    patch = patch.replace("os.kill", "raise OSError('as ever')\n    os.kill")
    code, out, err = command("runs", cwd=tmp_path, patch=patch, tracebacks=True)
    assert (code, out) == (0, "it went on\n")
    assert "OSError: as ever" in err


def test_an_error_that_c_code_makes_of_a_signal_is_no_mistake_of_nnscratch(tmp_path: Path) -> None:
    patch = """
import os, signal
import nnscratch.runs
def begin(*_, **__):
    try:
        os.kill(os.getpid(), signal.SIGTERM)
        signal.pause()
    except BaseException as error:
        raise ValueError(f"Error building a validator: {error}") from None
nnscratch.runs.list_runs = begin
"""
    code, out, err = command("runs", cwd=tmp_path, patch=patch)
    assert (code, out, err) == (143, "", "")
