"""Whether each of many networks can learn from its rows, found before the first is trained."""

from collections.abc import Sequence
from dataclasses import replace

from nnscratch.data.dataset import Dataset
from nnscratch.errors import ConfigError, DataError
from nnscratch.experiment.loading import split_dataset, what_decides_rows
from nnscratch.experiment.prepare import fit_config
from nnscratch.search.plan import Job, Plan, list_networks

_OWN = "own_validation=false gives every network the rows of the first"
_OTHER = "another seed holds out other rows"


def check_rows(plan: Plan, jobs: Sequence[Job], dataset: Dataset) -> None:
    """Checks the rows of each network that differ from those of the first, one after the other.

    Args:
        plan: What the runs are.
        jobs: All of them; the rows of the first one's first network have been checked.
        dataset: The data before any rows are held out.

    Raises:
        ConfigError: A config does not fit its rows, such as those of a single class.
        DataError: A column has no value in its rows.
    """
    known = {what_decides_rows(jobs[0].config)}
    for job in jobs:
        for position, network in enumerate(list_networks([job])):
            rows = what_decides_rows(network.config)
            if rows not in known:
                known.add(rows)
                draws_own = position > 0 or plan.ensemble > 1
                _check(network, dataset, _OWN if draws_own else _OTHER)


def _check(network: Job, dataset: Dataset, remedy: str) -> None:
    try:
        fit_config(network.config, split_dataset(network.config, dataset))
    except ConfigError as error:
        *others, last = [
            replace(each, rule=f"{each.rule}, in the rows of {network.name}")
            for each in error.problems
        ]
        last = replace(last, remedy=f"{last.remedy}; or {remedy}" if last.remedy else remedy)
        raise ConfigError([*others, last], error.texts) from None
    except DataError as error:
        raise DataError(f"{network.name}: {error}; or {remedy}") from None
