"""A search: the same however it was stopped, and what ends badly ends one trial only."""

import shutil
from collections.abc import Callable, Sequence
from math import inf, isclose
from pathlib import Path

import pytest

from nnscratch.config import load
from nnscratch.errors import RunError
from nnscratch.experiment.prepare import prepare
from nnscratch.model.evaluation import evaluate_split
from nnscratch.model.model import Model
from nnscratch.runs import read_record
from nnscratch.runs.members import list_leaves
from nnscratch.search.crews.alone import Alone
from nnscratch.search.search import Search
from nnscratch.search.task import DataCache, Outcome, Task
from tests.searching import BASE, begin_with, finish, resumed, small, start, trials_of, weights_of

KINDS = ["trials: 5", "trials: 7; prune: halving", "trials: 3; confirm: 1"]


class Killed(BaseException):
    """Stands for the end of the process."""


def kill_at(search: Search, moment: int, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Carries a search out until the n-th file is about to be written; False if there are fewer."""
    from nnscratch.files import atomic

    original: Callable[..., object] = atomic.replacing
    count = 0

    def replacing(*arguments: object, **options: object) -> object:
        nonlocal count
        count += 1
        if count >= moment:
            raise Killed
        return original(*arguments, **options)

    with monkeypatch.context() as patch:
        for module in ("nnscratch.files.atomic", "nnscratch.files.npz", "nnscratch.runs.metrics"):
            patch.setattr(f"{module}.replacing", replacing)
        try:
            finish(search)
        except Killed:
            return True
        finally:
            search.directory.close()
    return False


MOMENTS = [
    pytest.param((5, 23), id="some moments"),
    pytest.param(range(2, 60), id="all moments", marks=pytest.mark.slow),  # takes a minute
]


@pytest.mark.parametrize("moments", MOMENTS)
@pytest.mark.parametrize("kind", KINDS)
def test_a_search_that_was_killed_is_one_that_was_not(
    kind: str, moments: Sequence[int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = finish(start(small(tmp_path, kind), tmp_path / "whole")).directory.path
    for moment in moments:
        search = start(small(tmp_path, kind), tmp_path / f"killed-{moment}")
        if not kill_at(search, moment, monkeypatch):
            break
        path = finish(resumed(search)).directory.path
        assert trials_of(path) == trials_of(whole)
        assert weights_of(path) == weights_of(whole)
        assert (path / "best.yaml").read_text() == (whole / "best.yaml").read_text()
        shutil.rmtree(path.parent)


@pytest.mark.parametrize("kind", KINDS[1:])
def test_a_search_that_was_stopped_is_one_that_was_not(kind: str, tmp_path: Path) -> None:
    whole = finish(start(small(tmp_path, kind), tmp_path / "whole")).directory.path
    search = start(small(tmp_path, kind), tmp_path / "stopped")
    for epochs in range(3, 60, 7):
        seen = 0

        def count(search: Search = search, epochs: int = epochs) -> None:
            nonlocal seen
            seen += 1
            if seen >= epochs:
                search.crew.stop()

        search.crew.on_epoch = count
        finish(search)
        if search.directory.record.status == "completed":
            break
        search = resumed(search)
    path = finish(search).directory.path if search.directory.record.status == "running" else None
    path = path or search.directory.path
    assert trials_of(path) == trials_of(whole)
    assert weights_of(path) == weights_of(whole)


def test_more_trials_are_added_to_those_that_are_done(tmp_path: Path) -> None:
    whole = finish(start(small(tmp_path, "trials: 6"), tmp_path / "whole")).directory.path
    few = finish(start(small(tmp_path, "trials: 2"), tmp_path / "few"))
    path = finish(resumed(few, "search.trials=6")).directory.path
    assert trials_of(path) == trials_of(whole)
    # It is written down: a later resumption has as many.
    assert len(finish(resumed(few)).ledger.searched) == 6


class Scripted(Alone):
    """Ends tasks as it is told to, without training, by the number in the run's directory."""

    def __init__(self, *endings: Outcome) -> None:
        super().__init__(DataCache())
        self.endings = list(endings)
        self.tasks: list[Task] = []

    def wait(self) -> list[tuple[Task, Outcome]]:
        (task,) = self.busy
        self.tasks.append(task)
        if self.endings and self.endings[0].status != "done":
            self._task = None
            return [(task, self.endings.pop(0))]
        self.endings = self.endings[1:]
        return super().wait()


DONE = Outcome("done")


def carried_out(tmp_path: Path, *endings: Outcome, kind: str = "trials: 3") -> Search:
    return finish(begin_with(small(tmp_path, kind), tmp_path / "runs", Scripted(*endings)))


def test_a_trial_that_fails_is_recorded_and_the_others_go_on(tmp_path: Path) -> None:
    search = carried_out(tmp_path, DONE, Outcome("failed", "diverged in epoch 1"))
    first = search.ledger.trials[1]
    assert first.last
    assert (first.last.cost, first.last.reason) == (inf, "diverged in epoch 1")
    assert [trial.is_failed for trial in search.ledger.trials] == [False, True, False, False]
    assert search.ledger.observations()[0].cost == inf
    assert search.ledger.best


def test_a_trial_that_really_diverges(tmp_path: Path) -> None:
    space = "\n  space: {learning_rate: {choice: [0.1, 1.0e+6]}, optimizer: {choice: [sgd]}}\n"
    wild = small(tmp_path, "sampler: grid; trials: 2", space=space)
    search = finish(start(wild.model_copy(), tmp_path / "runs"))
    failed = [trial for trial in search.ledger.searched if trial.is_failed]
    assert [trial.point["learning_rate"] for trial in failed] in ([], [1e6])


def test_a_task_whose_process_died_begins_again_and_counts_once(tmp_path: Path) -> None:
    lost = Outcome("lost", "its process ended with signal 9")
    search = carried_out(tmp_path, DONE, lost, lost, DONE)
    crew = search.crew
    assert isinstance(crew, Scripted)
    assert [task.where[-4:] for task in crew.tasks[:5]] == ["0000", "0001", "0001", "0001", "0002"]
    assert len(search.ledger.searched) == 3
    assert not any(trial.is_failed for trial in search.ledger.trials)


def test_a_task_that_kills_its_process_each_time_has_failed(tmp_path: Path) -> None:
    lost = Outcome("lost", "its process ended with signal 9")
    search = carried_out(tmp_path, DONE, lost, lost, lost)
    last = search.ledger.trials[1].last
    assert last
    assert last.reason == "its process ended with signal 9, 3 times; is there enough memory?"
    assert len(search.ledger.searched) == 3


def test_what_all_trials_would_meet_ends_the_search(tmp_path: Path) -> None:
    search = begin_with(
        small(tmp_path), tmp_path / "runs", Scripted(DONE, Outcome("broken", "disk full"))
    )
    with pytest.raises(RunError, match="disk full"):
        finish(search)
    assert search.directory.record.status == "interrupted"
    assert len(finish(resumed(search)).ledger.searched) == 4


def test_values_that_do_not_fit_together_are_a_trial_that_failed(tmp_path: Path) -> None:
    space = "\n  space: {schedule.warmup_epochs: {integers: [1, 2]}, epochs: {integers: [2, 3]}}\n"
    base = f"{BASE}schedule: constant\n"
    config = small(tmp_path, "sampler: grid; trials: 9", space=space, base=base)
    search = finish(start(config, tmp_path / "runs"))
    reasons = {
        (t.point["schedule.warmup_epochs"], t.point["epochs"]): t.last.reason if t.last else None
        for t in search.ledger.searched
    }
    assert "warm-up never ends" in (reasons.pop((2, 2)) or "")
    assert set(reasons.values()) == {""}


def test_time_that_is_over_ends_it_in_order(tmp_path: Path) -> None:
    config = small(tmp_path, "trials: 1000; max_seconds: 0.2")
    search = finish(start(config, tmp_path / "runs"))
    assert len(search.ledger.searched) < 1000
    assert search.directory.record.status == "completed"
    assert search.seconds >= 0.2
    more = finish(resumed(search, "search.max_seconds=1000", "search.trials=3"))
    assert more.directory.record.seconds >= 0.2


def test_rungs_are_whole_trainings_where_the_schedule_spans_them(tmp_path: Path) -> None:
    base = "dataset: {name: moons, samples: 40, validation: 0.25}\nepochs: 9\nschedule: cosine\n"
    space = "\n  space: {learning_rate: {log_uniform: [0.001, 0.1]}}\n"
    config = small(tmp_path, "prune: halving; trials: 3", base=base, space=space)
    search = finish(start(config, tmp_path / "runs"))
    assert search.has_whole_rungs
    best = search.ledger.best
    assert best
    folders = sorted(p.name for p in (search.run_of(best).parent).glob("epochs-*"))
    assert folders == ["epochs-1", "epochs-3", "epochs-9"]
    assert all(
        f"epochs: {folder[-1]}" in (search.run_of(best).parent / folder / "config.yaml").read_text()
        for folder in folders
    )


def test_a_promoted_trial_goes_on_from_its_checkpoint(tmp_path: Path) -> None:
    search = finish(start(small(tmp_path, "prune: halving; trials: 3"), tmp_path / "runs"))
    assert not search.has_whole_rungs
    best = search.ledger.best
    assert best
    rows = (search.run_of(best) / "metrics.csv").read_text().splitlines()[1:]
    assert [row.split(",")[0] for row in rows] == ["1", "2", "3", "4", "5", "6"]
    resumed_at = [r.epoch for r in read_record(search.run_of(best)).resumed or []]
    assert resumed_at == [2, 3]  # after the rungs of one epoch and of two


def test_a_trial_can_be_many_runs(tmp_path: Path) -> None:
    base = "dataset: {name: moons, samples: 60}\nepochs: 3\n"
    config = small(tmp_path, "trials: 2; folds: 3; confirm: 1", base=base)
    search = finish(start(config, tmp_path / "runs"))
    best = search.ledger.best
    assert best
    assert best.last
    runs = list_leaves(search.run_of(best))
    assert len(runs) == 3
    # The rows that a fold holds out are its test part; the trial has the mean of three.
    losses = [(read_record(run).test or {})["loss"] or 0.0 for run in runs]
    assert isclose(best.last.cost, sum(losses) / 3)
    assert trials_of(finish(resumed(search)).directory.path) == trials_of(search.directory.path)


def test_many_runs_that_were_stopped_go_on(tmp_path: Path) -> None:
    base = "dataset: {name: moons, samples: 60, validation: 0.2}\nepochs: 5\n"
    config = small(tmp_path, "trials: 1; repeat: 2", base=base)
    whole = finish(start(config, tmp_path / "whole"))
    search = start(config, tmp_path / "stopped")
    calls: list[int] = []

    def stop_in_the_second_run() -> None:
        calls.append(1)
        if len(calls) == 7:
            search.crew.stop()

    search.crew.on_epoch = stop_in_the_second_run
    assert finish(search).ledger.results == 0
    again = finish(resumed(search))
    assert trials_of(again.directory.path) == trials_of(whole.directory.path)


def test_many_runs_of_which_one_diverges_have_failed(tmp_path: Path) -> None:
    base = (
        "dataset: {name: moons, samples: 60, validation: 0.2}\nepochs: 9\nactivation: linear\n"
        "loss: mse\noptimizer: sgd\n"
    )
    space = "\n  space: {learning_rate: {choice: [0.01, 1.0e+6]}}\n"
    config = small(tmp_path, "sampler: grid; trials: 2; repeat: 2", base=base, space=space)
    fine, wild = finish(start(config, tmp_path / "runs")).ledger.searched
    assert not fine.is_failed
    assert wild.is_failed
    assert wild.last
    assert wild.last.reason


def test_with_calibration_trials_are_ranked_by_the_loss_of_what_they_save(tmp_path: Path) -> None:
    base = f"{BASE}calibrate: auto\nearly_stopping: 5\n"
    search = finish(start(small(tmp_path, "trials: 3", base=base), tmp_path / "runs"))
    costs = {}
    for trial in search.ledger.trials:
        run = search.run_of(trial)
        validation = prepare(load(run / "config.yaml")).dataset.splits["validation"]
        # The oracle is the saved model itself.
        costs[trial.number] = evaluate_split(Model.load(run / "weights.npz"), "v", validation)
        assert trial.last
        assert trial.last.cost == pytest.approx(costs[trial.number].scores["loss"], rel=1e-6)
        assert "monitor: val_calibrated_loss" in (run / "config.yaml").read_text()
    assert search.ledger.best
    best = min(costs, key=lambda number: costs[number].scores["loss"])
    assert search.ledger.best.number == best
    assert finish(resumed(search, "search.trials=4")).settings.objective == "val_calibrated_loss"
