"""`nnscratch show`: through a pipe a config, on a terminal also what was given, and where."""

import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from nnscratch import Model
from nnscratch.config import load
from nnscratch.experiment.prepare import prepare
from tests.conftest import Command
from tests.processes import ENVIRONMENT, PATIENCE

ESCAPE = re.compile(r"\x1b\[[0-9;]*m")
DIM = "\x1b[2m"


def config_of(shown: str) -> str:
    """Returns the config that `show` prints before the layer table."""
    return shown.partition("\nlayer ")[0]


def on_a_terminal(*arguments: object, cwd: Path, columns: int = 80) -> str:
    """Returns what a command writes to a pseudo terminal."""
    leader, follower = pty.openpty()
    hidden = ("NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE")
    environment = {name: value for name, value in ENVIRONMENT.items() if name not in hidden}
    process = subprocess.Popen(
        [sys.executable, "-m", "nnscratch", *map(str, arguments)],
        cwd=cwd,
        env={**environment, "TERM": "xterm-256color", "COLUMNS": str(columns)},
        stdin=follower,
        stdout=follower,
        stderr=follower,
    )
    os.close(follower)
    written = b""
    while True:
        try:
            piece = os.read(leader, 65_536)
        except OSError:  # how Linux says that nobody holds the other end any more
            break
        if not piece:
            break
        written += piece
    os.close(leader)
    text = written.decode()
    assert process.wait(timeout=PATIENCE) == 0, text
    return text.replace("\r\n", "\n")


def settings(shown: str) -> dict[str, tuple[bool, str]]:
    """Returns for each key whether it is dim, and the comment behind it."""
    found = {}
    for line in shown.splitlines():
        plain = ESCAPE.sub("", line)
        key = re.match(r"(\w+): ", plain)
        if key:
            found[key[1]] = (line.startswith(DIM), plain.partition("  # ")[2])
    return found


@pytest.mark.parametrize(
    ("config", "changes"),
    [
        ("gates", []),
        ("parity", ["seed=7", "average=0.9"]),
        ("xor-two-sigmoids", []),
        ("four-points", []),
        ("iris", ["architecture=[{units: 8, dropout: 0.1}, 4]", "schedule=cosine"]),
        ("csv", ["class_weight=balanced", "early_stopping.patience=9", "dataset.validation=0.1"]),
        ("diabetes", ["optimizer={name: sgd, momentum: 0.9}", "clip_norm=1", "l2=1e-4"]),
    ],
)
def test_what_a_pipe_gets_is_a_config_that_trains_to_the_same_bits(
    config: str, changes: list[str], workplace: Path, nnscratch: Command
) -> None:
    original = [f"configs/{config}.yaml", *changes]
    shown = nnscratch("show", *original)
    assert (shown.code, shown.err) == (0, "")
    assert "\x1b" not in shown.out
    (workplace / "elsewhere").mkdir()
    copy = workplace / "elsewhere" / "copy.yaml"
    copy.write_text(config_of(shown.out), "utf-8")

    assert prepare(load(copy)).config == prepare(load(original[0], changes)).config
    runs = [
        nnscratch("train", *arguments, "epochs=2", "--quiet", "--no-plots").out.strip()
        for arguments in (original, [copy])
    ]
    first, second = (Model.load(run).network.weights.tobytes() for run in runs)
    assert first == second


def test_on_a_terminal_defaults_are_dim_and_given_keys_have_their_place(workplace: Path) -> None:
    (workplace / "mine.yaml").write_text("# mine\n\nbatch_size: 2\nl2: 0.001\n")
    shown = on_a_terminal(
        "show", "configs/xor.yaml", "mine.yaml", "epochs=7", "l2=0.01", cwd=workplace
    )

    found = settings(shown.partition("\n\n")[0])

    given = {key: place for key, (_, place) in found.items() if place}
    assert given == {
        "dataset": "configs/xor.yaml:4:1",
        "architecture": "configs/xor.yaml:5:1",
        "activation": "configs/xor.yaml:6:1",
        "learning_rate": "configs/xor.yaml:7:1",
        "batch_size": "mine.yaml:3:1",
        "epochs": "command line",  # the last that was said is what counts
        "l2": "command line",
    }
    assert {key for key, (dim, _) in found.items() if not dim} == given.keys()
    assert {"seed", "optimizer", "loss", "dtype"} <= found.keys() - given.keys()


def test_a_part_that_was_changed_on_the_command_line_says_so(workplace: Path) -> None:
    changes = {
        "dataset": "dataset.inputs=4",
        "architecture": "architecture.0=64",
        "optimizer": "optimizer.beta_1=0.8",
    }
    arguments = ("show", "configs/parity.yaml", *changes.values())

    found = settings(on_a_terminal(*arguments, cwd=workplace, columns=200))

    for key in changes:
        dim, place = found[key]
        assert not dim
        assert "command line" in place, (key, place)


def test_what_a_terminal_shows_can_be_copied_as_a_config(
    workplace: Path, nnscratch: Command
) -> None:
    table = workplace / ("a-long-folder-" * 8) / "my table: long.csv"
    table.parent.mkdir()
    table.write_text("a,y\n" + "".join(f"{i * i},{'uv'[i % 2]}\n" for i in range(40)))
    (workplace / "c.yaml").write_text(
        f"dataset: {{name: csv, path: '{table}', target: y}}\nbatch_size: 8\n"
    )
    piped = config_of(nnscratch("show", "c.yaml").out)

    shown = ESCAPE.sub("", on_a_terminal("show", "c.yaml", cwd=workplace))

    assert yaml.safe_load(config_of(shown)) == yaml.safe_load(piped)


def test_the_layers_and_the_cost_fit_80_columns(workplace: Path) -> None:
    shown = ESCAPE.sub(
        "", on_a_terminal("show", "configs/xor-relu.yaml", "average=0.9", cwd=workplace)
    )

    _, found, rest = shown.partition("\nlayer ")
    assert found
    assert all(len(line) <= 80 for line in rest.splitlines()), rest


def test_memory_and_multiply_adds_are_as_worked_out_by_hand(
    workplace: Path, nnscratch: Command
) -> None:
    # 2-8-1 in float32 with sgd: 33 weights, as many gradients and a copy, 4 bytes each.
    out = nnscratch("show", "configs/gates.yaml", "optimizer=sgd").out
    assert "396 bytes" in out
    assert "24 an example to predict, 56 to train" in out
    # 64-128-64-10: 64·128 + 128 + 128·64 + 64 + 64·10 + 10 = 17,226 weights; seven vectors.
    out = nnscratch("show", "configs/digits.yaml").out
    assert "482 kB" in out
    assert "17,024 an example to predict, 42,880 to train" in out


@pytest.mark.parametrize(
    ("units", "size"),
    [(20, "972 bytes"), (1000, "48 kB"), (20_825, "1 MB"), (20_834, "1 MB"), (100_000, "4.8 MB")],
)
def test_sizes_are_read_at_a_glance(
    units: int, size: str, workplace: Path, nnscratch: Command
) -> None:
    # 2-units-1 has 4 units + 1 weights; with sgd there are three vectors of 4 bytes each.
    moons = ("dataset={name: moons, validation: 0}", f"architecture=[{units}]", "optimizer=sgd")

    out = nnscratch("show", "configs/moons.yaml", *moons).out

    assert f"memory         {size} to train" in out


def test_a_run_shows_its_own_config(trained: Path, nnscratch: Command) -> None:
    shown = nnscratch("show", trained)

    assert shown.code == 0
    own = load(trained / "config.yaml")
    settings = yaml.safe_load(config_of(shown.out))
    given = {key: value for key, value in settings.items() if value is not None}
    assert given == yaml.safe_load(own.to_yaml())


def test_show_prints_the_layer_table_and_the_resolved_config(
    workplace: Path, nnscratch: Command
) -> None:
    result = nnscratch("show", "configs/xor-relu.yaml", "epochs=7")
    assert result.code == 0
    lines = result.out.splitlines()
    assert "epochs: 7" in lines
    assert "output_activation: sigmoid" in lines
    tables = [line.split() for line in lines if line.startswith(("dense", "total"))]
    assert tables == [
        ["dense_1", "relu", "(rows,", "10)", "30"],
        ["dense_2", "relu", "(rows,", "10)", "110"],
        ["dense_3", "sigmoid", "(rows,", "1)", "11"],
        ["total", "151"],
    ]


def test_what_show_prints_is_a_config(workplace: Path, nnscratch: Command) -> None:
    shown = nnscratch("show", "configs/parity.yaml").out.partition("\nlayer")[0]
    (workplace / "shown.yaml").write_text(shown)
    assert nnscratch("show", "shown.yaml").out.partition("\nlayer")[0] == shown


def test_show_takes_a_run_too(trained: Path, nnscratch: Command) -> None:
    assert "dataset:" in nnscratch("show", "xor").out


def test_it_says_how_many_networks_an_ensemble_has(workplace: Path, nnscratch: Command) -> None:
    said = "networks       3, each with these layers, whose mean predicts\n"
    assert said in nnscratch("show", "configs/xor.yaml", "ensemble=3").out
    assert "networks" not in nnscratch("show", "configs/xor.yaml").out
