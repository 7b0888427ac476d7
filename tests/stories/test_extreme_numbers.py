"""Numbers at the ends of what floats hold: no warning of NumPy's reaches a user, at any command.

The tests make every warning an error, which a command would report as a mistake in nnscratch.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from tests.conftest import Command

pytestmark = pytest.mark.thorough

ROWS = 40
TABLES: dict[str, Callable[[int], str]] = {
    "targets of 1e300": lambda i: f"{i},{(i + 0.5) * 1e298!r}",
    "targets of 1e150": lambda i: f"{i},{(i + 0.5) * 1e148!r}",
    "targets of 1e37": lambda i: f"{i},{(i + 0.5) * 1e35!r}",
    "targets of 1e-310": lambda i: f"{i},{i * 1e-311!r}",
    "features of 1e308": lambda i: f"{(i - 20) * 4e306!r},{i + 0.5}",
    "features of 1e150": lambda i: f"{(i - 20) * 1e148!r},{i + 0.5}",
    "one feature of 1e140": lambda i: f"{1e140 if i == 3 else i},{i + 0.5}",
    "features of 1e-310": lambda i: f"{i * 1e-311!r},{i + 0.5}",
    "classes by 1e150": lambda i: f"{(i - 20) * 1e148!r},{'ab'[i % 2]}",
}
SETTINGS = {
    "as usual": "",
    "minmax": ", scaling: minmax, target_scaling: minmax",
    "unscaled": ", scaling: none, target_scaling: none",
}
QUICK = (
    *("evaluate r", "predict r --format csv", "predict r --format table", "compare r r"),
    *("predict r --csv far.csv --format json", "evaluate r --format json", "explain r"),
)
SLOW = ("plot r --kind all", "doctor mine.yaml")


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("settings", SETTINGS)
@pytest.mark.parametrize("table", TABLES)
def test_no_command_shows_a_warning_of_numpy(
    table: str, settings: str, dtype: str, workplace: Path, nnscratch: Command
) -> None:
    check(table, settings, dtype, QUICK, nnscratch)


@pytest.mark.parametrize("command", SLOW)
@pytest.mark.parametrize(
    ("table", "settings", "dtype"),
    [
        ("targets of 1e150", "as usual", "float32"),
        ("features of 1e150", "unscaled", "float64"),
    ],
)
def test_neither_does_one_that_draws_or_examines(
    table: str, settings: str, dtype: str, command: str, workplace: Path, nnscratch: Command
) -> None:
    check(table, settings, dtype, [command], nnscratch)


@pytest.mark.slow
@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("settings", SETTINGS)
@pytest.mark.parametrize("table", TABLES)
def test_nor_at_any_other_extreme(
    table: str, settings: str, dtype: str, workplace: Path, nnscratch: Command
) -> None:
    check(table, settings, dtype, SLOW, nnscratch)


def check(
    table: str, settings: str, dtype: str, commands: Sequence[str], nnscratch: Command
) -> None:
    Path("t.csv").write_text("\n".join(["x,y", *map(TABLES[table], range(ROWS))]))
    Path("far.csv").write_text("x\n1e308\n-1e308\n")
    data = f"{{name: csv, path: t.csv, target: y, test: 0.2{SETTINGS[settings]}}}"
    Path("mine.yaml").write_text(f"dataset: {data}\ndtype: {dtype}\narchitecture: [2]\nepochs: 2\n")
    result = nnscratch("train", "mine.yaml", "--name", "r", "--no-plots")
    assert_plain(result.err)
    # What is refused in float32 because its squares overflow is trained in float64 or scaled.
    refused = result.code == 2
    assert refused == ("squares overflow" in result.err)
    if not refused:
        for command in commands:
            assert_plain(nnscratch(*command.split()).err)


def assert_plain(err: str) -> None:
    assert "mistake in nnscratch" not in err
    assert "encountered" not in err
