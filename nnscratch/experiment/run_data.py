"""The data that a run was trained on, loaded again, and its parts."""

from nnscratch.config import load
from nnscratch.data.dataset import Dataset, Report, Split
from nnscratch.errors import UsageError
from nnscratch.experiment.loading import load_rows, split_dataset
from nnscratch.model.predictor import Predictor
from nnscratch.runs import RunFiles, read_record


def choose_split(dataset: Dataset, name: str | None = None) -> tuple[str, Split]:
    """Returns the name and rows of a part of the data.

    Args:
        dataset: The data.
        name: The part; `test` unless given, or the first there is of `validation` and `train`.

    Raises:
        UsageError: There is no such part.
    """
    if name is None:
        name = next(part for part in ("test", "validation", "train") if part in dataset.splits)
    if name not in dataset.splits:
        parts = ", ".join(dataset.splits)
        if name in dataset.held_out:
            rule = f"each network has {name} rows of its own, on which the others were trained"
            raise UsageError(f"{rule}; the ensemble has only {parts}")
        raise UsageError(f"the run's data has no {name} part, only {parts}")
    return name, dataset.splits[name]


def load_data(found: RunFiles, model: Predictor, *, report: Report = lambda _: None) -> Dataset:
    """Returns the data that a run was trained on.

    Args:
        found: The run.
        model: Its model.
        report: Called with what is being done if it takes long.

    Raises:
        UsageError: The run's config is missing, or the data that it names is missing or is not the
            data that the model was trained on.
        DataError: The data cannot be read.
        RunError: The run's record cannot be read.
    """
    if found.config is None:
        raise UsageError(f"{found.weights}: there is no config next to it that names its data")
    assert found.directory
    record = read_record(found.directory)
    # Runs that have held out different rows have seen all of them together.
    saw_all = record.many is not None and not record.many.ensemble
    config = load(found.config)
    dataset = load_rows(config, report=report)
    if not saw_all:
        dataset = split_dataset(config, dataset, for_ensemble=True)
    recorded = record.data_fingerprint
    known = (model.features, model.encoding.classes, model.encoding.numbers)
    same = (dataset.features, dataset.classes, dataset.numbers) == known
    if not same or recorded not in (None, dataset.fingerprint()):
        rule = f"names other data than {found.weights} was trained on"
        raise UsageError(f"{found.config}: {rule}")
    return dataset


def find_target_names(found: RunFiles, model: Predictor) -> tuple[str, ...]:
    """Returns the names of the columns that a run learned to predict; none if they had no names.

    Raises:
        ConfigError: The run's config cannot be read.
    """
    if model.encoding.names or found.config is None:
        return model.encoding.names
    target = getattr(load(found.config, find_files=False).dataset, "target", None) or ()
    return (target,) if isinstance(target, str) else tuple(target)
