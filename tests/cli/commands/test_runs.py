"""`nnscratch runs`: a table of all runs, with the columns that say something."""

import io
import json
import shutil
from pathlib import Path

import pytest

from nnscratch.runs.lock import try_lock, unlock
from tests.conftest import Command, Result

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


@pytest.fixture
def three(workplace: Path, nnscratch: Command) -> list[str]:
    """The directories of runs of 500, 3 and 5 epochs; the second is called other."""
    options = ["--quiet", "--no-plots"]
    calls: tuple[list[str], ...] = ([], ["epochs=3", "--name", "other"], ["epochs=5"])
    return [nnscratch("train", "configs/xor.yaml", *call, *options).out.strip() for call in calls]


def listed(result: Result) -> list[str]:
    assert result.code == 0, result.err
    return [f"runs/{line.split()[0]}" for line in result.out.splitlines()[2:]]


def test_filters_choose_and_sort(three: list[str], nnscratch: Command) -> None:
    first, second, third = three
    for arguments, expected in (
        (["--where", "accuracy>0.98"], [first]),
        (["--where", "epochs<100", "--where", "epochs!=3"], [third]),
        (["--name", "oth"], [second]),
        (["--status", "completed", "--sort", "-epochs"], [first, third, second]),
        (["--sort", "epochs", "--limit", "1"], [second]),
        (["--limit", "2"], [second, third]),
    ):
        assert listed(nnscratch("runs", *arguments)) == expected
    nothing = nnscratch("runs", "--status", "failed")
    assert (nothing.code, nothing.out) == (0, "")
    assert nothing.err == "no run matches, of 3 in runs\n"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--where", "acuracy>1"], "the figure 'acuracy'; did you mean accuracy? There are run"),
        (["--where", "epochs"], "--where epochs: a condition is"),
        (["--where", "epochs>many"], "epochs is a number; got 'many'"),
        (["--sort", "velocity"], "no run has the figure 'velocity'; there are run, name"),
        (["--limit", "0"], "--limit"),
        (["--status", "done"], "--status"),
        (["--yes"], "--yes is for --prune"),
        (["--prune"], "--prune removes the runs that --where"),
        (["--prune", "--yes"], "--prune removes the runs that --where"),
        (["--prune", "--name", "x"], "with no terminal, add --yes"),
    ],
)
def test_what_is_wrong_is_explained_and_nothing_is_removed(
    arguments: list[str], words: str, trained: Path, nnscratch: Command
) -> None:
    result = nnscratch("runs", *arguments)
    assert (result.code, result.out) == (2, "")
    assert words in result.err
    assert trained.is_dir()


def test_prune_removes_what_is_chosen_and_says_so(three: list[str], nnscratch: Command) -> None:
    first, second, third = three
    mine = Path("runs", "mine")
    mine.mkdir()
    (mine / "thesis.txt").write_text("precious")
    result = nnscratch("runs", "--prune", "--where", "epochs<100", "--yes")
    assert (result.code, result.err) == (0, "")
    assert result.out == f"removed  {second}\nremoved  {third}\n"
    assert {path.name for path in Path("runs").iterdir()} == {Path(first).name, "mine"}
    again = nnscratch("runs", "--prune", "--where", "epochs<100", "--yes")
    assert (again.code, again.out, again.err) == (0, "", "no run is to be removed\n")


@pytest.mark.parametrize(("answer", "is_removed"), [("y\n", True), ("\n", False), ("", False)])
def test_prune_asks_on_a_terminal(
    answer: str,
    is_removed: bool,
    trained: Path,
    nnscratch: Command,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("nnscratch.cli.commands.runs.can_ask", lambda: True)
    monkeypatch.setattr("sys.stdin", io.StringIO(answer))
    result = nnscratch("runs", "--prune", "--name", "xor")
    assert f"runs/{trained.name}\nremove 1 run? [y/N] " in result.err
    assert (result.code, trained.exists()) == (0 if is_removed else 1, not is_removed)


def test_prune_keeps_a_run_that_is_trained(trained: Path, nnscratch: Command) -> None:
    with (trained / "metrics.csv").open("rb") as file:
        assert try_lock(file) is not False
        result = nnscratch("runs", "--prune", "--name", "xor", "--yes")
        unlock(file)
    assert (result.code, result.out) == (0, "")
    assert "a process is training it" in result.err
    assert (trained / "weights.npz").exists()


def test_what_an_earlier_prune_could_not_delete_is_no_reason_to_stop(
    trained: Path, nnscratch: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = trained.with_name(".removed-0123456789abcdef")
    left.mkdir()
    delete = shutil.rmtree

    def refuse(path: Path) -> None:
        if path.name == left.name:
            raise PermissionError(13, "Permission denied", f"{path}/plots")
        delete(path)

    monkeypatch.setattr(shutil, "rmtree", refuse)
    result = nnscratch("runs", "--prune", "--name", "xor", "--yes")
    assert (result.code, result.out) == (0, f"removed  runs/{trained.name}\n")
    assert result.err == (
        f"warning: runs/{left.name}/plots: cannot be deleted: Permission denied\n"
    )


def test_prune_keeps_what_it_cannot_judge_and_removes_the_others(
    three: list[str], nnscratch: Command
) -> None:
    first, second, third = three
    broken = Path(second, "runs", "fold-1-20260101-000000")
    broken.mkdir(parents=True)
    (broken / "run.json").write_text("{")
    result = nnscratch("runs", "--prune", "--where", "epochs<100", "--yes")
    assert (result.code, result.out) == (0, f"removed  {third}\n")
    assert result.err.startswith(f"kept     {second}: {broken}/run.json: cannot be read")
    assert Path(first).is_dir()
    assert Path(second, "weights.npz").exists()
