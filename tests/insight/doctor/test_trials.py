"""What is advised has been tried, does better, and is the same setting when it is set."""

from pathlib import Path

import pytest

from nnscratch.errors import NNScratchError
from nnscratch.experiment.experiment import Experiment
from nnscratch.insight.doctor import trials as module
from nnscratch.insight.doctor.finding import Finding
from nnscratch.insight.doctor.first_pass import run_first_pass
from nnscratch.insight.doctor.memorizing import Memorization
from nnscratch.insight.doctor.trials import Trials, changed
from tests.insight.doctor.support import inline, shipped


def trials_of(experiment: Experiment) -> Trials:
    return Trials(run_first_pass(experiment))


@pytest.mark.parametrize(
    ("change", "override"),
    [
        ("initializer: he_normal", "initializer=he_normal"),
        ("activation: relu", "activation=relu"),
        ("dataset.scaling: minmax", "dataset.scaling=minmax"),
        ("architecture: [7, 8]", "architecture=[7,8]"),
        ("batch_norm: true", "batch_norm=true"),
    ],
)
def test_a_changed_experiment_is_that_of_the_changed_config(change: str, override: str) -> None:
    one, other = changed(shipped("iris"), change), shipped("iris", override)
    assert one.config.to_dict() == other.config.to_dict()
    assert one.model.network.weights.tobytes() == other.model.network.weights.tobytes()
    rows = other.dataset.splits["train"].inputs
    assert one.model.transform(rows).tobytes() == other.model.transform(rows).tobytes()


def test_what_does_better_becomes_the_remedy_and_does_so_when_it_is_set() -> None:
    slow = ["optimizer=sgd", "learning_rate=0.001"]
    trials = trials_of(shipped("iris", *slow))
    assert not trials.base.succeeded
    found = trials.complete(
        Finding("slow", level="look", changes=("learning_rate: 0.0001", "learning_rate: 0.5"))
    )
    steps = trials_of(shipped("iris", slow[0], "learning_rate=0.5")).base.steps
    assert found.remedy == f"learning_rate: 0.5 memorizes 21 rows in {steps} steps"
    assert (found.level, found.changes) == ("look", ())


def test_what_does_no_better_is_not_advised_and_no_cause_for_alarm_where_all_is_well() -> None:
    trials = trials_of(shipped("iris"))
    assert trials.base.succeeded
    found = trials.complete(
        Finding("odd", remedy="fewer layers", level="look", changes=("learning_rate: 1e-5",))
    )
    assert (found.level, found.remedy) == ("fine", "")
    assert found.rule.endswith("21 rows are memorized, and no sooner with learning_rate: 1e-5")


def test_what_was_tried_in_vain_is_said_to_be_so() -> None:
    trials = trials_of(shipped("iris", "learning_rate=1e-9"))
    found = trials.complete(
        Finding("odd", remedy="fewer layers", level="look", changes=("learning_rate: 1e-10",))
    )
    expected = "tried on 21 rows without success: learning_rate: 1e-10; try fewer layers"
    assert (found.level, found.remedy) == ("look", expected)


@pytest.mark.parametrize(
    "change", ["initializer: auto", "dataset.nothing: 1", "learning_rate: -1", "loss: hinge loss"]
)
def test_a_change_that_changes_nothing_or_cannot_be_is_not_tried(change: str) -> None:
    assert trials_of(shipped("iris")).attempt(change) is None


def test_a_setting_that_does_not_fit_is_an_error_where_it_is_asked_for() -> None:
    with pytest.raises((NNScratchError, ValueError)):
        changed(shipped("iris"), "loss: binary_cross_entropy")


def test_a_single_row_leaves_nothing_to_normalize_by(tmp_path: Path) -> None:
    trials = trials_of(inline(tmp_path, [[1.0]] * 4, ["a", "b", "a", "b"], batch_norm=True))
    assert not trials.possible
    doubt = Finding("odd", remedy="fewer layers", changes=("activation: relu",), level="look")
    assert trials.complete(doubt) == Finding("odd", remedy="fewer layers", level="look")


def test_when_time_is_up_nothing_more_is_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_MAX_SECONDS_OF_ALL", 0.0)
    assert trials_of(shipped("iris")).attempt("activation: relu") is None


@pytest.mark.parametrize(
    ("base", "other", "better"),
    [
        # first, middle, last, steps, succeeded, diverged
        ((2.0, 1.0, 0.1, 100, True), (2.0, 1.0, 0.1, 80, True), True),
        ((2.0, 1.0, 0.1, 100, True), (2.0, 1.0, 0.1, 81, True), False),
        ((2.0, 1.0, 0.1, 100, True), (2.0, 1.0, 0.05, 100, False), False),
        ((2.0, 1.0, 0.9, 100, False), (2.0, 1.0, 0.1, 999, True), True),
        ((2.0, 1.0, 0.9, 100, False), (2.0, 1.0, 0.44, 100, False), True),
        ((2.0, 1.0, 0.9, 100, False), (2.0, 1.0, 0.46, 100, False), False),
        ((2.0, 1.0, 0.9, 100, False, True), (2.0, 1.0, 1.5, 100, False), True),
        ((2.0, 1.0, 0.9, 100, False), (2.0, 1.0, 0.1, 100, False, True), False),
    ],
)
def test_better_is_clearly_sooner_or_clearly_further(
    base: tuple[float, ...], other: tuple[float, ...], better: bool
) -> None:
    trials = trials_of(shipped("iris"))
    trials.base = Memorization(*base)  # type: ignore[arg-type]  # whole numbers where they belong
    assert trials.is_better(Memorization(*other)) is better  # type: ignore[arg-type]  # the same
