"""Where errors become lines and exit codes."""

import pytest

from nnscratch.cli.main import main
from nnscratch.errors import ConfigError, DataError, Problem, UsageError
from tests.conftest import Command


@pytest.mark.parametrize(
    ("error", "code", "lines"),
    [
        (DataError("one\ntwo"), 1, ["error: one", "error: two"]),
        (UsageError("one"), 2, ["error: one"]),
        (ConfigError([Problem("is missing", "dataset")]), 2, ["error: `dataset` is missing"]),
        (FileExistsError(17, "exists", "a.csv"), 2, ["error: a.csv: exists already"]),
        (OSError(28, "No space left", "a.csv"), 1, ["error: a.csv: No space left"]),
        (MemoryError(), 1, ["error: not enough memory"]),
        (ValueError("odd"), 1, ["error: ValueError: odd", "error: this is a mistake in"]),
    ],
)
def test_each_error_is_its_lines_and_its_exit_code(
    error: Exception,
    code: int,
    lines: list[str],
    nnscratch: Command,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr("nnscratch.config.load", fail)
    result = nnscratch("show", "c.yaml")

    assert (result.code, result.out) == (code, "")
    for line, beginning in zip(result.err.splitlines(), lines, strict=True):
        assert line.startswith(beginning)


def test_a_traceback_is_there_for_those_who_ask(
    nnscratch: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert nnscratch("train", "nowhere.yaml").code == 2
    monkeypatch.setenv("NNSCRATCH_DEBUG", "1")
    with pytest.raises(ConfigError):
        main(["train", "nowhere.yaml"])
