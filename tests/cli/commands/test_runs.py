"""`nnscratch runs`: a table of all runs, with the columns that say something."""

import json
from pathlib import Path

from tests.conftest import Command

MOONS = "dataset: {{name: moons, samples: 60, {}}}"


def write(name: str, *lines: str) -> Path:
    path = Path(name)
    path.write_text("\n".join([*lines, ""]))
    return path


def test_runs_lists_each_run(trained: Path, nnscratch: Command) -> None:
    nnscratch("train", "configs/and.yaml", "--quiet", "--no-plots")
    header, _, *rows = nnscratch("runs").out.splitlines()
    assert header.split() == ["run", "status", "epochs", "loss", "metric", "took", "age"]
    assert rows[0].startswith(trained.name)
    assert rows[1].split()[:3] == [rows[1].split()[0], "completed", "500"]


def test_runs_of_nothing_says_how_to_begin(workplace: Path, nnscratch: Command) -> None:
    result = nnscratch("runs")
    assert (result.code, result.out) == (0, "")
    assert "nnscratch train configs/xor.yaml" in result.err


def test_runs_shows_held_out_figures_only_if_a_run_has_them(
    trained: Path, nnscratch: Command
) -> None:
    plain = ["run", "status", "epochs", "loss", "metric"]
    assert nnscratch("runs").out.splitlines()[0].split() == [*plain, "took", "age"]
    for settings, columns in (
        ("test: 0.5", ["test"]),
        ("validation: 10, test: 0.25", ["val", "test"]),
    ):
        path = write("moons.yaml", MOONS.format(settings), "epochs: 3")
        assert nnscratch("train", path, "--quiet", "--no-plots").code == 0
        header, _, xor, *_, newest = nnscratch("runs").out.splitlines()
        assert header.split() == [*plain, *columns, "took", "age"]
        record = json.loads((max(Path("runs").glob("moons-*")) / "run.json").read_text())
        figures = {"test": record["test"]["accuracy"]}
        if "val" in columns:
            figures["val"] = record["best"]["val_accuracy"]
        expected = [f"{figures[column]:.1%}" for column in columns]
        assert newest.split()[5 : 5 + len(columns)] == expected
        assert xor.split()[4] == "100.0%"


def test_runs_of_numbers_name_their_error(workplace: Path, nnscratch: Command) -> None:
    write("t.csv", "a,kind", *(f"{i % 7},{i / 3}" for i in range(30)))
    path = write("mine.yaml", "dataset: {name: csv, path: t.csv, target: kind}", "epochs: 2")
    assert nnscratch("train", path, "--quiet", "--no-plots").code == 0
    (run,) = Path("runs").iterdir()
    test = json.loads((run / "run.json").read_text())["test"]
    header, _, row = nnscratch("runs").out.splitlines()
    assert "val" not in header.split()
    assert f"rmse {test['rmse']:.4f}" in row


def test_a_figure_that_was_not_finite_is_an_empty_cell(trained: Path, nnscratch: Command) -> None:
    other = trained.parent / "xor-20200101-000000"
    other.mkdir()
    figures = {"loss": None, "accuracy": 0.5}
    (other / "run.json").write_text(json.dumps({"status": "completed", "final": figures}))
    result = nnscratch("runs")
    assert (result.code, result.err) == (0, "")
    header, _, first, second = result.out.splitlines()
    assert header.split()[3:5] == ["loss", "metric"]
    assert first.split() == [other.name, "completed", "50.0%"]
    assert second.split()[4] == "100.0%"


def test_a_damaged_run_is_left_out_with_a_warning(trained: Path, nnscratch: Command) -> None:
    other = trained.parent / "xor-20200101-000000"
    other.mkdir()
    (other / "run.json").write_text('{"epochs_done": "many"}')
    result = nnscratch("runs")
    assert result.code == 0
    assert f"warning: runs/{other.name}: left out: " in result.err
    assert "`epochs_done` must be a valid integer; got 'many'" in result.err
    assert len(result.out.splitlines()) == 3
