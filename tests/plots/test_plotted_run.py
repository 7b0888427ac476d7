"""What is plotted: a run, a weights file alone, or a config alone."""

from pathlib import Path

import pytest

from nnscratch.errors import UsageError
from nnscratch.plots.drawing import available_kinds, draw
from nnscratch.plots.plotted_run import PlottedRun
from nnscratch.runs import RunFiles, find
from nnscratch.runs.members import list_members
from nnscratch.search.plan import Plan
from tests.plots.example_runs import XOR, plotted, prepared
from tests.search.many import XOR as GATE
from tests.search.many import begin, carry_out, train_many


def test_what_has_just_been_trained_needs_no_files(tmp_path: Path) -> None:
    run = plotted(prepared(tmp_path, f"{XOR}epochs: 1\n"))
    assert run.name == "my-run"
    assert run.names_data
    assert run.evaluated_rows == "training"
    assert run.predicts == "classes"
    result = f"training accuracy {run.evaluation.scores['accuracy']:.1%}"
    assert run.heading("Plot") == f"Plot, {result}\nmy-run"
    assert run.heading("Plot", result=False) == "Plot\nmy-run"


def test_a_weights_file_alone_has_a_name_but_no_history(tmp_path: Path) -> None:
    run = PlottedRun(RunFiles(tmp_path / "alone.npz", None))
    assert (run.name, run.has_directory, run.names_data) == ("alone.npz", False, False)
    for attribute in ("directory", "history", "best_epoch", "config"):
        with pytest.raises(UsageError, match=r"alone\.npz: .*; name a run"):
            getattr(run, attribute)


def test_a_config_alone_has_settings_only(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text("dataset: xor\nepochs: 7\n")
    run = PlottedRun(None, config_alone=path)
    assert (run.name, run.config.epochs, run.has_directory) == (str(path), 7, False)


def test_the_best_epoch_is_that_of_the_record(tmp_path: Path) -> None:
    for text, epoch in (
        ('"kept_epoch": 3', 3),
        ('"kept_epoch": null', None),
        ('"name": "x"', None),
    ):
        (tmp_path / "run.json").write_text(f"{{{text}}}")
        assert PlottedRun(RunFiles(tmp_path / "weights.npz", tmp_path)).best_epoch == epoch


def test_data_that_cannot_be_read_leave_a_title_without_result(tmp_path: Path) -> None:
    (tmp_path / "weights.npz").write_bytes(b"damaged")
    (tmp_path / "config.yaml").write_text("dataset: xor\n")
    run = PlottedRun(RunFiles(tmp_path / "weights.npz", tmp_path))
    assert run.heading("Plot") == f"Plot\n{tmp_path.name}"


def test_the_history_of_many_runs_is_the_median_of_them(tmp_path: Path) -> None:
    path = train_many(tmp_path, GATE, Plan(repeat=2))
    run = PlottedRun(RunFiles(path / "weights.npz", path))
    assert run.curves_name == f"{path.name}: the median of 2 runs"
    leaf = list_members(path)[0]
    assert PlottedRun(RunFiles(leaf / "weights.npz", leaf)).curves_name == leaf.name


def test_many_runs_that_are_not_done_have_no_history_yet(tmp_path: Path) -> None:
    many = begin(tmp_path, GATE, Plan(repeat=2))
    carry_out(many, until=1)
    run = PlottedRun(RunFiles(many.path / "weights.npz", many.path))
    with pytest.raises(UsageError, match=f"when all runs are done; nnscratch resume {many.path}"):
        _ = run.history


JUDGING = {"confusion", "mistakes", "regression"}


@pytest.mark.parametrize(
    ("dataset", "own", "drawn"),
    [
        ("digits, test: 0", "true", set()),
        ("digits, test: 0.2", "true", {"confusion", "mistakes"}),
        ("digits, test: 0", "false", {"confusion", "mistakes"}),
        ("diabetes, test: 0", "true", set()),
        ("diabetes, test: 0", "false", {"regression"}),
    ],
)
def test_an_ensemble_is_not_judged_by_rows_that_train_most_of_it(
    dataset: str, own: str, drawn: set[str], tmp_path: Path
) -> None:
    text = f"dataset: {{name: {dataset}, validation: 0.2}}\nown_validation: {own}\n"
    rest = "ensemble: 2\nepochs: 1\narchitecture: [4]\n"
    path = train_many(tmp_path, text + rest, Plan(ensemble=2))
    run = PlottedRun(find(str(path), tmp_path))
    assert JUDGING & {*available_kinds(run)} == drawn
    if not drawn:
        kind = "regression" if dataset.startswith("diabetes") else "mistakes"
        with pytest.raises(UsageError, match="no rows are left to judge all by"):
            draw([run], kind)
