"""The objective of a search: a figure of the epoch whose weights a run keeps."""

from math import inf, isfinite
from pathlib import Path

from nnscratch.config import Config
from nnscratch.errors import Problem
from nnscratch.experiment.experiment import Experiment
from nnscratch.nn.metrics import metric_of
from nnscratch.runs import RunRecord, read_record


def figure_of(run: Path, objective: str) -> float | None:
    """Returns a figure of the epoch that a run keeps; None if it was not measured or is not finite.

    Raises:
        RunError: run.json is damaged.
    """
    return _kept_figures(read_record(run)).get(objective)


def _kept_figures(record: RunRecord) -> dict[str, float | None]:
    kept = record.best if record.kept_epoch == record.best_epoch else record.final
    return kept or {}


def cost_of(value: float | None, objective: str) -> float:
    """Returns a figure turned so that less is better; infinity for one that is not finite."""
    if value is None or not isfinite(value):
        return inf
    metric = metric_of(objective)
    return -value if metric and metric.higher_is_better else value


def value_of(cost: float, objective: str) -> float | None:
    """Returns the figure of a cost; None if it was not finite."""
    return None if cost == inf else cost_of(cost, objective)


def check_objective(config: Config, experiment: Experiment) -> None:
    """Does nothing if the runs of an experiment measure the objective of a config.

    Raises:
        ConfigError: They do not.
    """
    assert config.search
    objective, splits = config.search.objective, experiment.dataset.splits
    if objective.startswith("val_") and "validation" not in splits:
        rule = f"is {objective}, but no rows are held out for validation"
        raise config.error(Problem(rule, "search.objective", "dataset.validation=0.2 would"))
    measured = ("loss", experiment.model.encoding.metric().name)
    if objective.removeprefix("val_") not in measured:
        known = " or ".join(f"{prefix}{name}" for prefix in ("val_", "") for name in measured)
        rule = f"must be {known} for this data; got {objective}"
        raise config.error(Problem(rule, "search.objective"))
