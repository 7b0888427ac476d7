"""Many runs as one result: trained, killed, resumed, listed, evaluated, compared and verified."""

import csv
import json
import random
import re
import sys
import time
from pathlib import Path

import pytest

from nnscratch import Model, load_model
from nnscratch.runs.members import list_leaves, list_members
from tests.conftest import Command
from tests.processes import done, end, record_of, runs_in, start

XOR = "configs/xor.yaml"
IRIS = "configs/iris.yaml"
QUICK = ["--quiet", "--no-plots"]


def bits(run: Path) -> list[str]:
    """Returns the weights of all runs in a directory, and its own."""
    return [
        *(Model.load(leaf).fingerprint() for leaf in list_leaves(run)),
        load_model(run).fingerprint(),
    ]


def trained(nnscratch: Command, *arguments: object) -> Path:
    result = nnscratch("train", *arguments, *QUICK)
    assert result.code == 0, result.err
    return Path(result.out.strip())


def test_gates_are_solved_so_many_times(workplace: Path, nnscratch: Command) -> None:
    result = nnscratch("train", XOR, "--repeat", 5, "epochs=30", "architecture=[3]")
    assert result.code == 0, result.err
    run = next((workplace / "runs").iterdir())
    accuracies = [(record_of(member)["final"])["accuracy"] for member in list_members(run)]
    assert f"solved   {accuracies.count(1.0)} of 5\n" in result.out
    lines = [line for line in result.err.splitlines() if line.startswith("seed-4")]
    assert len(lines) == 5  # a line for each run
    assert (run / "plots" / "runs.png").is_file()
    assert "completed: 5 runs in " in result.out


def test_the_run_on_all_rows_is_not_one_of_those_that_are_judged(
    workplace: Path, nnscratch: Command
) -> None:
    result = nnscratch("train", "configs/xor.yaml", "--repeat", 2, "--refit", "--no-plots")
    assert "solved   2 of 2\n" in result.out


def test_folds_give_each_row_a_prediction(workplace: Path, nnscratch: Command) -> None:
    run = trained(nnscratch, IRIS, "--folds", 3, "epochs=5")
    with (run / "predictions.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [int(row["row"]) for row in rows] == list(range(150))
    right = sum(row["target"] == row["prediction"] for row in rows) / 150
    evaluated = json.loads(nnscratch("evaluate", run, "--format", "json").out)
    assert (evaluated["split"], evaluated["rows"]) == ("out of fold", 150)
    assert evaluated["accuracy"] == pytest.approx(right)
    assert "out of fold: 150 rows" in nnscratch("evaluate", run).out
    predicted = nnscratch("predict", run)
    assert len(predicted.out.splitlines()) == 151
    assert predicted.err.startswith("note: most of these networks were trained on these rows")
    # All rows together are what the networks were trained on.
    assert "train: 150 rows" in nnscratch("evaluate", run, "--split", "train").out


def test_an_ensemble_is_one_setting(workplace: Path, nnscratch: Command) -> None:
    run = trained(nnscratch, IRIS, "ensemble=3", "epochs=5")
    assert len(load_model(run).members) == 3
    assert record_of(run)["many"]["ensemble"] == 3
    evaluated = json.loads(nnscratch("evaluate", run, "--format", "json").out)
    assert evaluated["accuracy"] == record_of(run)["test"]["accuracy"]
    shown = nnscratch("show", run)
    assert "ensemble: 3" in shown.out
    again = trained(nnscratch, run / "config.yaml")
    assert bits(again) == bits(run)


def test_a_directory_of_runs_is_taken_like_a_run(workplace: Path, nnscratch: Command) -> None:
    run = trained(nnscratch, "configs/moons.yaml", "--repeat", 2, "epochs=5", "--name", "two")
    assert nnscratch("predict", "two", "--input", "0.5,0.5").code == 0
    for kind in ("runs", "curves", "boundary"):
        drawn = nnscratch("plot", "two", "--kind", kind)
        assert drawn.code == 0, drawn.err
    listed = json.loads(nnscratch("runs", "--format", "json").out)["runs"]
    assert [one["name"] for one in listed] == ["two"]
    assert "two-" in nnscratch("runs").out
    assert nnscratch("resume", run, *QUICK).code == 0
    member = list_members(run)[0]
    assert nnscratch("evaluate", member).code == 0
    assert nnscratch("plot", member, "--kind", "runs").code == 2


def test_verify_trains_each_run_again(workplace: Path, nnscratch: Command) -> None:
    run = trained(nnscratch, XOR, "--repeat", 2, "epochs=10")
    result = nnscratch("verify", run)
    assert result.code == 0
    assert result.out.count("are the same, bit for bit") == 2
    assert "its weights are made of those of 2 runs" in result.out
    Model.load(list_members(run)[0]).save(run / "weights.npz")
    result = nnscratch("verify", run)
    assert result.code == 1
    assert "its weights are not those of its runs; resume makes them again" in result.out
    assert nnscratch("resume", run, *QUICK).code == 0
    assert nnscratch("verify", run).code == 0


def test_compare_says_whether_it_is_chance(workplace: Path, nnscratch: Command) -> None:
    short = trained(nnscratch, IRIS, "--folds", 4, "epochs=1", "--name", "short")
    long = trained(nnscratch, IRIS, "--folds", 4, "epochs=20", "--name", "long")
    result = nnscratch("compare", short, long)
    assert re.search(r"test loss: B is better than A by .* p = \S+: more than chance", result.out)
    document = json.loads(nnscratch("compare", short, long, "--format", "json").out)
    assert document["differences"]["loss"]["significant"] is True
    assert document["differences"]["loss"]["mean"] < 0
    other = trained(nnscratch, IRIS, "--folds", 4, "epochs=1", "seed=7")
    result = nnscratch("compare", short, other)
    assert (
        "chance is not judged: their runs were trained and tested on different rows" in result.err
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((XOR, "--folds", "3"), "has no rows to deal to folds"),
        ((IRIS, "--folds", "1"), "--folds"),
        ((IRIS, "--repeat", "0"), "--repeat"),
        ((IRIS, "--folds", "200"), "needs at least 200 rows; there are 150"),
        ((IRIS, "--refit"), "--refit trains once more after --folds or --repeat"),
        ((XOR, "--repeat", "2", "--init-from", "latest"), "--init-from begins one run"),
        ((XOR, "ensemble=2", "--init-from", "latest"), "; ensemble=1 trains one network"),
        ((XOR, "ensemble=0"), "ensemble"),
    ],
)
def test_what_cannot_be_is_one_line(
    arguments: tuple[str, ...], message: str, workplace: Path, nnscratch: Command
) -> None:
    result = nnscratch("train", *arguments)
    assert (result.code, result.out) == (2, "")
    errors = [line for line in result.err.splitlines() if line.startswith("error: ")]
    assert len(errors) == 1
    assert message in errors[0]
    assert not (workplace / "runs").exists()


def test_settings_of_many_runs_do_not_change(workplace: Path, nnscratch: Command) -> None:
    run = trained(nnscratch, XOR, "--repeat", 2, "epochs=10")
    result = nnscratch("resume", run, "epochs=20")
    assert result.code == 2
    assert "the settings of many runs cannot change; got epochs=20" in result.err


@pytest.mark.slow  # a dozen processes
@pytest.mark.skipif(sys.platform != "linux", reason="kills processes as Linux does")
@pytest.mark.parametrize(
    "options",
    [
        ["--repeat", "4"],
        ["--folds", "3", "--refit", "ensemble=2"],
        ["ensemble=4", "own_validation=true", "dataset.validation=0.2"],
    ],
    ids=["repeats", "folds of ensembles", "own validation"],
)
def test_killed_at_any_moment_no_run_is_lost_or_doubled(
    options: list[str], workplace: Path
) -> None:
    config = XOR if "--repeat" in options else IRIS
    settings = [config, *options, "epochs=60", "checkpoint_seconds=0", *QUICK]
    reference = Path(done("train", *settings, "--runs-dir", "whole", cwd=workplace).strip())
    expected = bits(workplace / reference)
    generator = random.Random(1)  # noqa: S311 - chooses when to kill
    began = time.monotonic()
    done("train", *settings, "--runs-dir", "timed", cwd=workplace)
    duration = time.monotonic() - began
    runs = workplace / "killed"
    finished: set[Path] = set()
    for kill in range(60):
        found = runs_in(runs)
        assert len(found) <= 1
        begin = ["resume", found[0], *QUICK] if found else ["train", *settings, "--runs-dir", runs]
        process = start(*begin, cwd=workplace)
        if kill < 10:
            time.sleep(generator.uniform(0.3, 1.0) * duration)
            process.kill()
            process.communicate()
        else:
            code, _, err = end(process)
            assert code == 0, err
        for run in runs_in(runs):
            leaves = [leaf for leaf in list_leaves(run) if leaf != run]
            complete = {leaf for leaf in leaves if record_of(leaf)["status"] == "completed"}
            assert finished <= complete, "a finished run was lost"
            finished = complete
        found = runs_in(runs)
        if found and record_of(found[0])["status"] == "completed":
            break
    (run,) = runs_in(runs)
    assert bits(run) == expected
    assert len(list_leaves(run)) == len(expected) - 1
