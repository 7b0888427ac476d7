"""Signals in this very process; tests/stories/test_signals.py sends them to real trainings."""

import os
import signal
import sys
import time

import pytest

from nnscratch.cli import interrupt
from nnscratch.cli.interrupt import InterruptSignals
from nnscratch.nn.training.interruption import Interruption

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="sends signals as Linux does")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_the_first_asks_and_the_second_interrupts(
    number: signal.Signals, capsys: pytest.CaptureFixture[str]
) -> None:
    before = signal.getsignal(number)
    interruption = Interruption()
    with InterruptSignals(interruption) as signals:
        assert (signals.received, signals.exit_code) == (False, 0)
        os.kill(os.getpid(), number)
        assert (signals.received, signals.exit_code) == (True, 128 + number)
        assert not interruption.requested
        os.kill(os.getpid(), number)
        assert interruption.requested
    assert "stopping after this epoch, in 5 s at the latest" in capsys.readouterr().err
    assert signal.getsignal(number) is before


def test_in_an_epoch_the_second_ends_it() -> None:
    interruption = Interruption()
    with InterruptSignals(interruption):
        os.kill(os.getpid(), signal.SIGTERM)
        with pytest.raises(KeyboardInterrupt), interruption:
            os.kill(os.getpid(), signal.SIGINT)


def test_an_epoch_that_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(interrupt, "_GRACE_SECONDS", 0.05)
    interruption = Interruption()
    with InterruptSignals(interruption):
        os.kill(os.getpid(), signal.SIGTERM)
        with pytest.raises(KeyboardInterrupt), interruption:
            time.sleep(5)
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


def test_a_signal_that_the_shell_ignores_stays_ignored() -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with InterruptSignals(Interruption()) as signals:
            os.kill(os.getpid(), signal.SIGINT)
            assert not signals.received
    finally:
        signal.signal(signal.SIGINT, before)
