"""Starting many training runs in a new directory, and going on with those of an old one."""

from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path

from nnscratch.config import Config, load
from nnscratch.data.dataset import Dataset, Report
from nnscratch.errors import DataError, DivergedError, UsageError
from nnscratch.experiment.experiment import Experiment
from nnscratch.experiment.loading import load_rows, split_dataset
from nnscratch.experiment.prepare import prepare
from nnscratch.runs import Annotations, RunDirectory, RunFiles, RunRecord, read_record, status_of
from nnscratch.runs.directories import CONFIG
from nnscratch.search.many_run import ManyResult, ManyRun
from nnscratch.search.plan import Plan, list_jobs
from nnscratch.search.row_checks import check_rows


def start_many(
    config: Config,
    plan: Plan,
    runs_directory: Path | str = "runs",
    *,
    dataset: Dataset | None = None,
    command: Sequence[str] = (),
    annotations: Annotations | None = None,
    where: Path | None = None,
    report: Report = lambda _: None,
) -> ManyRun:
    """Returns many runs from the beginning; as they are entered, their directory is made.

    Args:
        config: What all of them have in common.
        plan: What they are.
        runs_directory: Where the directory is made.
        dataset: The data before any rows are held out, if it is loaded already.
        command: What the user typed, for the record.
        annotations: What the user wrote about them.
        where: The directory itself, instead of one in `runs_directory`.
        report: Called with what is being done if it takes long.

    Raises:
        ConfigError: The config does not fit the plan, or the rows of one of the runs.
        DataError: The data is not available, or one of the runs cannot learn from its rows.
        UsageError: There are no such seeds.
    """
    dataset = dataset or load_rows(config, report=report)
    base = _resolve(config, plan, dataset)
    jobs = list_jobs(plan, base)
    first = prepare(jobs[0].config, dataset=split_dataset(jobs[0].config, dataset))
    if first.dataset.held_out:
        check_rows(plan, jobs, dataset)
    seen = _as_seen_by_all(plan, base, first, dataset)
    record = RunRecord(
        command=list(command),
        seed=base.seed,
        data_fingerprint=seen.fingerprint(),
        rows={name: len(split) for name, split in first.dataset.splits.items()},
        many=plan.to_record(),
    )
    create = partial(
        RunDirectory.create, Path(runs_directory), base.name, base.to_yaml(), record, annotations
    )
    if where is not None:
        create = partial(RunDirectory.create_at, where, base.name, base.to_yaml(), record)
    return ManyRun(plan, first, jobs, dataset, seen, create, command)


def train_many(
    config: Config,
    runs_directory: Path | str = "runs",
    *,
    repeat: int = 1,
    folds: int | None = None,
    refit: bool = False,
) -> ManyResult:
    """Trains several networks to the end, as one result in a new directory.

    Without `repeat` and `folds` they are the members of the ensemble that the config asks for.

    Args:
        config: What all of them have in common.
        runs_directory: Where the directory is made.
        repeat: How often all is done, with successive seeds.
        folds: Into how many folds the rows are dealt, each of which is tested by one run.
        refit: Whether one more run trains on all rows, whose weights are those of the directory.

    Raises:
        UsageError: It is only one network.
        NNScratchError: As `start_many`; or all runs have diverged.
        OSError: A file cannot be written.
    """
    plan = Plan(repeat=repeat, folds=folds, refit=refit)
    if repeat == 1 and folds is None:
        plan = Plan(ensemble=config.ensemble, refit=refit)
    if not plan.is_many:
        raise UsageError("neither `repeat`, `folds` nor `ensemble` is given, so it is a single run")
    many = start_many(config, plan, runs_directory)
    with many as parts:
        for part in parts:
            with suppress(DivergedError), part.run as run:
                for _ in run:
                    pass
    return many.result


def resume_many(
    files: RunFiles, *, command: Sequence[str] = (), report: Report = lambda _: None
) -> ManyRun:
    """Returns the runs that are left of a directory; nothing is written before it is entered.

    If none is left, what is made from them is made again.

    Args:
        files: The directory.
        command: What the user typed, for the record.
        report: Called with what is being done if it takes long.

    Raises:
        DataError: The data are no longer those of the runs.
        RunError: run.json is damaged.
        UsageError: It has no config, or a process trains in it.
    """
    path = files.directory
    if path is None or files.config is None:
        raise UsageError(f"{files.weights}: belongs to no run that could go on")
    return reopen_many(path, load_rows(load(files.config), report=report), command=command)


def reopen_many(path: Path, dataset: Dataset, *, command: Sequence[str] = ()) -> ManyRun:
    """Returns the runs that are left of a directory, as `resume_many` does.

    Args:
        path: The directory.
        dataset: Its data before any rows are held out.
        command: What the user typed, for the record.
    """
    record = read_record(path)
    if status_of(path, record) == "running":
        raise UsageError(f"{path}: process {record.pid} is training it")
    assert record.many
    plan, config = Plan.from_record(record.many), load(path / CONFIG)
    jobs = list_jobs(plan, config)
    first = prepare(jobs[0].config, dataset=split_dataset(jobs[0].config, dataset))
    seen = _as_seen_by_all(plan, config, first, dataset)
    if record.data_fingerprint != seen.fingerprint():
        rule = "the data have changed since it began; train new runs on them"
        raise DataError(f"{path}: {rule}")
    reopen = partial(RunDirectory.reopen, path, record, config.to_yaml(), 0, command)
    return ManyRun(plan, first, jobs, dataset, seen, reopen, command)


def _resolve(config: Config, plan: Plan, dataset: Dataset) -> Config:
    """Returns the config with all that the data decides, and without what each run decides."""
    if plan.folds is not None and hasattr(config.dataset, "test"):
        rows = {"test": 0, "folds": None, "fold": None}
        config = config.model_copy(update={"dataset": config.dataset.model_copy(update=rows)})
    return prepare(config, dataset=split_dataset(config, dataset)).config


def _as_seen_by_all(plan: Plan, config: Config, first: Experiment, dataset: Dataset) -> Dataset:
    """Returns the rows as all runs together know them: those for testing none has seen."""
    if not plan.tests_alike:
        return dataset
    if not config.draws_own_validation:
        return first.dataset
    return split_dataset(config, dataset, for_ensemble=True)
