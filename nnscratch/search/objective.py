"""The objective of a search: a figure of the epoch whose weights a run keeps."""

from math import inf, isfinite
from pathlib import Path

from nnscratch.config import Config
from nnscratch.config.settings.components import AUTO
from nnscratch.config.settings.search import SearchSettings
from nnscratch.errors import Problem
from nnscratch.experiment.experiment import Experiment
from nnscratch.nn.metrics import CALIBRATED_LOSS, VALIDATION_LOSS, metric_of, validation_loss
from nnscratch.runs import RunRecord, read_record

_HELD_OUT = "val_"


def figure_of(run: Path, objective: str) -> float | None:
    """Returns a figure of the epoch that a run keeps; None if it was not measured or is not finite.

    Raises:
        RunError: run.json is damaged.
    """
    figures = _figures(read_record(run), objective)
    if objective == CALIBRATED_LOSS and objective not in figures:
        objective = VALIDATION_LOSS  # of a network that is not calibrated
    return figures.get(objective)


def _figures(record: RunRecord, objective: str) -> dict[str, float | None]:
    """Returns the figures of the epoch that is kept, on average if it is more than one run."""
    if record.many and record.many.folds and objective.startswith(_HELD_OUT):
        # The rows that a fold holds out are those of its test part.
        test = record.test or {}
        if objective == CALIBRATED_LOSS:  # the networks that were tested are calibrated
            return {objective: test.get("loss")}
        return {f"{_HELD_OUT}{name}": value for name, value in test.items()}
    kept = record.best if record.kept_epoch == record.best_epoch else record.final
    return kept or {}


def with_objective(config: Config, experiment: Experiment) -> Config:
    """Returns a config whose search says which figure is to be best, if that was `auto`.

    Args:
        config: The config of the search.
        experiment: Of the config itself, resolved.
    """
    search = config.search
    assert search
    if search.objective != AUTO:
        return config
    calibrated = bool(experiment.config.calibrate) or "calibrate" in search.space
    objective = {"objective": validation_loss(calibrated=calibrated)}
    return config.model_copy(update={"search": search.model_copy(update=objective)})


def held_out_share(experiment: Experiment, settings: SearchSettings) -> float:
    """Returns how many rows the objective is measured on for each row that is trained on."""
    if not settings.objective.startswith(_HELD_OUT):
        return 0.0
    splits = experiment.dataset.splits
    return len(splits["test" if settings.folds else "validation"]) / len(splits["train"])


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
    if objective.startswith(_HELD_OUT) and not (config.search.folds or "validation" in splits):
        rule = f"is {objective}, but no rows are held out for validation"
        raise config.error(Problem(rule, "search.objective", "dataset.validation=0.2 would"))
    names = ("loss", experiment.model.encoding.metric().name)
    measured = [f"{prefix}{name}" for prefix in (_HELD_OUT, "") for name in names]
    if experiment.config.calibrate or "calibrate" in config.search.space:
        measured.append(CALIBRATED_LOSS)
    if objective not in measured:
        rule = f"must be {' or '.join(measured)} for this data; got {objective}"
        remedy = "calibrate=auto measures it for classes" if objective == CALIBRATED_LOSS else ""
        raise config.error(Problem(rule, "search.objective", remedy))
