"""A plan for many training runs, and the list of jobs that it stands for.

A job is a config and a name. Its config says everything, also which rows are held out, so its run
can be resumed, verified and evaluated by itself. Whatever else makes lists of jobs can be carried
out in the same way.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from typing import Any

from nnscratch.config import Config
from nnscratch.errors import Problem, UsageError
from nnscratch.experiment.loading import split_seed, validation_seed
from nnscratch.runs.record import Many

_SEEDS = 2**63
_MOST = 10_000


@dataclass(frozen=True)
class Job:
    """One training run of many.

    Attributes:
        name: Its name among them, which is that of its run.
        config: Its config.
    """

    name: str
    config: Config


@dataclass(frozen=True)
class Plan:
    """Which training runs are made of one config.

    Attributes:
        ensemble: How many networks are trained with successive seeds and tested on the same rows.
        repeat: How often all is done, with successive seeds that decide the rows, too.
        folds: Into how many folds the rows are dealt, each of which is tested by one run.
        refit: Whether one more run trains on all rows.

    Raises:
        UsageError: It stands for no runs, or for more than anybody could mean.
    """

    ensemble: int = 1
    repeat: int = 1
    folds: int | None = None
    refit: bool = False

    def __post_init__(self) -> None:
        least = {"ensemble": 1, "repeat": 1, "folds": 2}
        for key, smallest in least.items():
            number = getattr(self, key)
            if number is not None and not smallest <= number <= _MOST:
                rule = f"`{key}` must be from {smallest} to {_MOST:,}; got {number:,}"
                raise UsageError(rule)

    @property
    def is_many(self) -> bool:
        """Whether it is more than an ordinary run."""
        return self != Plan()

    @property
    def tests_alike(self) -> bool:
        """Whether all runs hold out the same rows for testing."""
        return self.repeat == 1 and self.folds is None

    def to_record(self) -> Many:
        """Returns what run.json says of it."""
        given = {key: value for key, value in asdict(self).items() if value != getattr(Plan, key)}
        return Many(**given)

    @classmethod
    def from_record(cls, many: Many) -> "Plan":
        """Returns the plan that `to_record` recorded."""
        return cls(many.ensemble or 1, many.repeat or 1, many.folds, bool(many.refit))


def list_jobs(plan: Plan, config: Config) -> list[Job]:
    """Returns the jobs of a plan, in the order in which they are carried out.

    Args:
        plan: The plan.
        config: What all of them have in common.

    Raises:
        ConfigError: The data of the config cannot be dealt to folds.
        UsageError: A seed would be too large.
    """
    seed, runs = config.seed, max(plan.ensemble, plan.repeat)
    if config.draws_own_validation:
        seed = max(seed, validation_seed(config))
    if seed + runs > _SEEDS:
        raise UsageError(f"seed {seed:,} has no {runs:,} successors below 2**63")
    if plan.ensemble > 1:
        return _members(plan.ensemble, config)
    if plan.folds is not None and not hasattr(config.dataset, "folds"):
        rule = f"{config.dataset.name} has no rows to deal to folds"
        if hasattr(config.dataset, "validation"):
            rule = f"{config.dataset.name} has a test part of its own, so there are no folds"
        raise config.error(Problem(rule, "dataset"))
    jobs = []
    for repeat in range(plan.repeat):
        seed = config.seed + repeat
        prefix = [f"seed-{seed}"] if plan.repeat > 1 else []
        for fold in range(1, (plan.folds or 0) + 1):
            rows = {"folds": plan.folds, "fold": fold, "test": None}
            jobs.append(_job("-".join([*prefix, f"fold-{fold}"]), config, rows, seed=seed))
        if plan.folds is None:
            jobs.append(_job("-".join(prefix), config, {}, seed=seed))
    if plan.refit:
        jobs.append(_job("refit", config, {"test": 0} if hasattr(config.dataset, "test") else {}))
    return jobs


def list_networks(jobs: Iterable[Job]) -> list[Job]:
    """Returns a job for each network, with a name such as `fold-1/seed-43` in an ensemble's."""
    networks = []
    for job in jobs:
        if job.config.ensemble == 1:
            networks.append(job)
            continue
        members = list_jobs(Plan(ensemble=job.config.ensemble), job.config)
        networks += [replace(member, name=f"{job.name}/{member.name}") for member in members]
    return networks


def _members(count: int, config: Config) -> list[Job]:
    """Returns the jobs of an ensemble, all of which hold out the rows that its config does.

    Where each has validation rows of its own, those of the first are the config's.
    """
    rows = {}
    if hasattr(config.dataset, "split_seed"):
        rows = {"split_seed": split_seed(config)}
    jobs = []
    for i in range(count):
        seed = config.seed + i
        if config.draws_own_validation:
            rows["validation_seed"] = validation_seed(config) + i
        jobs.append(_job(f"seed-{seed}", config, rows, seed=seed, ensemble=1))
    return jobs


def _job(name: str, config: Config, rows: dict[str, Any], **changes: Any) -> Job:
    dataset = config.dataset.model_copy(update=rows) if rows else config.dataset
    return Job(name, config.model_copy(update={"name": name, "dataset": dataset, **changes}))
