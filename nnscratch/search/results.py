"""What is made from the runs of a directory: an ensemble, a table of predictions, and a summary.

All of it can be made again from the runs.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import nan
from pathlib import Path

import numpy as np

from nnscratch.config import load
from nnscratch.data.dataset import Dataset, Feature, Report, Split
from nnscratch.data.target_encoding import TargetEncoding
from nnscratch.errors import RunError, UsageError
from nnscratch.experiment.loading import load_rows, split_dataset, validation_seed
from nnscratch.files.atomic import replacing
from nnscratch.formatting import finite_or_none
from nnscratch.model.ensemble import Ensemble
from nnscratch.model.evaluation import Evaluation, evaluate_logits, evaluate_split
from nnscratch.model.loading import load_model
from nnscratch.model.predictor import Predictor
from nnscratch.nn.parameters import Array
from nnscratch.runs import WEIGHTS, RunDirectory, RunFiles, read_metrics, read_record, status_of
from nnscratch.runs.curves import median_epochs
from nnscratch.runs.directories import CONFIG
from nnscratch.runs.members import find_member, many_of
from nnscratch.runs.record import OWN_VALIDATION
from nnscratch.search import out_of_fold
from nnscratch.search.plan import Job, Plan, list_jobs
from nnscratch.search.summary import RunScores, summarize_scores

PREDICTIONS = "predictions.csv"
REFIT = "refit"


@dataclass(frozen=True)
class ManyRuns:
    """The runs of a directory that have come to their end.

    Attributes:
        path: The directory.
        plan: What they are.
        jobs: The jobs that they carry out.
    """

    path: Path
    plan: Plan
    jobs: Sequence[Job]

    @cached_property
    def scores(self) -> list[RunScores]:
        """The scores of the runs that have completed, without the one on all rows."""
        scores = []
        for job in self.jobs:
            run = find_member(self.path, job.name)
            record = run and read_record(run)
            if run and record and job.name != REFIT and status_of(run, record) == "completed":
                scores.append(RunScores.of(job.name, run, record))
        return scores

    @property
    def diverged(self) -> list[str]:
        """The names of the runs that have diverged."""
        runs = {job.name: find_member(self.path, job.name) for job in self.jobs}
        return [n for n, run in runs.items() if run and read_record(run).status == "diverged"]

    @property
    def part(self) -> str:
        """The rows that the scores are of; see `Many.part`."""
        part = self.scores[0].part
        seeds = {validation_seed(job.config) for job in self.jobs}
        is_own = self.plan.tests_alike and part == "validation" and len(seeds) > 1
        return OWN_VALIDATION if is_own else part

    @cached_property
    def predictors(self) -> dict[str, Predictor]:
        """What each run has learned, by its name."""
        return {scores.name: load_model(scores.path) for scores in self.scores}

    def tested_folds(self, dataset: Dataset) -> list[out_of_fold.TestedFold]:
        """Returns the folds and what was not trained on them.

        Args:
            dataset: The data before any rows are held out.
        """
        configs = {job.name: job.config for job in self.jobs}
        return [
            out_of_fold.find_fold(configs[name], dataset, predictor)
            for name, predictor in self.predictors.items()
        ]

    def save(self, directory: RunDirectory, dataset: Dataset, seen: Dataset) -> None:
        """Writes all that is made from the runs, and completes the record.

        Args:
            directory: Where it is written.
            dataset: The data before any rows are held out.
            seen: The data as all runs together know it.

        Raises:
            RunError: No run has completed.
            OSError: A file cannot be written.
        """
        if not self.scores:
            raise RunError(f"{self.path}: all of its runs have diverged")
        directory.record.many = self.plan.to_record()
        model = self.make_model(seen.features)
        model.save(self.path / WEIGHTS)
        if self.plan.folds is not None:
            lines = out_of_fold.prediction_lines(self.tested_folds(dataset), dataset)
            with replacing(self.path / PREDICTIONS) as file:
                file.writelines(line.encode() for line in lines)
        self._record_scores(directory)
        if self.plan.tests_alike and "test" in seen.splits:
            test = evaluate_split(model, "test", seen.splits["test"]).scores
            directory.record.test = finite_or_none(test)
        for epoch in median_epochs([read_metrics(scores.path) for scores in self.scores]):
            directory.metrics.append(epoch)

    def make_model(self, features: Sequence[Feature]) -> Predictor:
        """Returns the network that was trained on all rows, or else the ensemble of all.

        Args:
            features: The columns of a row, with the categories of all runs.
        """
        refit = find_member(self.path, REFIT) if self.plan.refit else None
        if refit:
            return load_model(refit)
        members = [member for each in self.predictors.values() for member in each.members]
        return Ensemble(members, features)

    def _record_scores(self, directory: RunDirectory) -> None:
        record, many = directory.record, directory.record.many
        assert many
        data = {scores.record.data_fingerprint for scores in self.scores}
        is_tested_alike = self.plan.tests_alike and self.part == "test"
        same_rows = is_tested_alike or (len(data) == 1 and self.part != "training")
        summaries = summarize_scores(self.scores, interval=not same_rows)
        many.completed = len(self.scores)
        many.diverged = self.diverged or None
        many.part = self.part
        many.scores = {summary.name: summary.to_figures() for summary in summaries}
        records = [scores.record for scores in self.scores]
        epochs = sorted(each.epochs_done or 0 for each in records)
        record.update(
            seconds=round(sum(each.seconds or 0.0 for each in records), 3),
            epochs_done=epochs[len(epochs) // 2],
            final=_mean([each.final or {} for each in records]),
            best=_mean([each.best or {} for each in records]),
            test=_mean([each.test or {} for each in records]) or None,
            parameters=records[0].parameters,
        )


def open_many(path: Path) -> ManyRuns:
    """Returns the runs of a directory.

    Raises:
        UsageError: It is the directory of an ordinary run, or has no config.
        RunError: run.json is damaged.
    """
    record = read_record(path)
    if record.many is None:
        raise UsageError(f"{path}: is a single run")
    plan = Plan.from_record(record.many)
    return ManyRuns(path, plan, list_jobs(plan, load(path / CONFIG)))


def is_made_of_its_runs(path: Path) -> bool:
    """Returns whether the weights of a directory are what its runs make, bit for bit."""
    saved = load_model(path)
    return open_many(path).make_model(saved.features).fingerprint() == saved.fingerprint()


def evaluate_held_out(found: RunFiles, *, report: Report = lambda _: None) -> Evaluation | None:
    """Returns the scores of the rows that the runs have held out, each run's predicted by itself.

    Args:
        found: The directory of the runs.
        report: Called with what is being done if it takes long.

    Returns:
        The scores of all these rows together: of folds, each row once in each repeat; of an
        ensemble without test rows, those that each network has for validation alone. None where all
        runs hold out the same rows, or none, and for what is no directory of many runs.

    Raises:
        RunError: There is none of the runs left, or a run.json is damaged.
    """
    path, recorded = found.directory, many_of(found.directory)
    if path is None or found.config is None or recorded is None:
        return None
    many = open_many(path)
    if many.plan.tests_alike and recorded.part != OWN_VALIDATION:
        return None
    if not many.predictors:
        rule = "has none of its runs left, each of which would predict the rows that it held out"
        raise RunError(f"{path}: {rule}")
    dataset = load_rows(load(found.config), report=report)
    encoding = next(iter(many.predictors.values())).encoding
    predicted = [*_predict_held_out(many, dataset, encoding)]
    if not predicted:
        return None
    splits, logits = zip(*predicted, strict=True)
    name = "out of fold" if many.plan.folds else "held out"
    return evaluate_logits(encoding, name, _join(splits), np.concatenate(logits))


def _predict_held_out(
    many: ManyRuns, dataset: Dataset, encoding: TargetEncoding
) -> Iterator[tuple[Split, Array]]:
    """Yields the rows that each run has held out, if any, and the run's logits for them."""
    for job in many.jobs:
        predictor = many.predictors.get(job.name)
        if job.name == REFIT or predictor is None:
            continue
        held_out = split_dataset(job.config, dataset, for_ensemble=True)
        part = next((p for p in ("test", "validation") if p in held_out.splits), None)
        if part is not None:
            split = held_out.splits[part]
            model = Ensemble(predictor.members, held_out.features, encoding)
            yield split, model.logits(split.inputs)
        elif job.config.draws_own_validation:
            run = find_member(many.path, job.name)
            assert run
            yield from _predict_held_out(open_many(run), dataset, encoding)


def _join(splits: Sequence[Split]) -> Split:
    weights = [split.weights for split in splits if split.weights is not None]
    return Split(
        np.concatenate([split.inputs for split in splits]),
        np.concatenate([split.targets for split in splits]),
        np.concatenate(weights) if weights else None,
    )


def _mean(figures: Sequence[dict[str, float | None]]) -> dict[str, float | None]:
    """Returns the mean of each figure that all runs have; None where one was nan or infinite."""
    names = [name for name in figures[0] if all(name in each for each in figures)]
    sums = {
        name: sum(nan if (value := each[name]) is None else value for each in figures)
        for name in names
    }
    return finite_or_none({name: total / len(figures) for name, total in sums.items()})
