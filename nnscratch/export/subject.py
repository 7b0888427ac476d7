"""What is exported: a model, its operations, and what its run tells about it."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from nnscratch.data.dataset import Report
from nnscratch.errors import NNScratchError
from nnscratch.export.ranges import Range, data_ranges, known_ranges
from nnscratch.formatting import plural
from nnscratch.model.ensemble import Ensemble
from nnscratch.model.model import Model
from nnscratch.model.operation import (
    ArgMax,
    Average,
    Impute,
    NameOutputs,
    Operation,
    ReadColumns,
    Threshold,
)
from nnscratch.model.operations import operations
from nnscratch.model.predictor import Predictor
from nnscratch.nn.network import Network
from nnscratch.runs import RunFiles, read_record
from nnscratch.version import __version__


@dataclass(frozen=True)
class Subject:
    """A model to export.

    Attributes:
        model: The model, or an ensemble.
        name: What it is called, such as `wine`.
        operations: From the raw row to the prediction.
        ranges: What each column's numbers lie between; None for categories.
        trained: When its training began, in ISO 8601; empty if that is not known.
        data: What it was trained on, such as `csv wine.csv`; empty if that is not known.
        figures: The figures of its run, by the part of the data and by the metric.
    """

    model: Predictor
    name: str
    operations: Sequence[Operation]
    ranges: Sequence[Range | None]
    trained: str = ""
    data: str = ""
    figures: dict[str, dict[str, float]] = field(default_factory=dict)

    @classmethod
    def of(cls, model: Predictor, name: str = "model") -> "Subject":
        """Returns a model of which no run is known."""
        return cls(model, name, operations(model), known_ranges(model))

    @property
    def computation(self) -> Sequence[Operation]:
        """From the raw row to the numbers that the answer is made from: probabilities or others."""
        return self.operations[: self._border]

    @property
    def decision(self) -> Sequence[Operation]:
        """From these numbers to the answer."""
        return self.operations[self._border :]

    @property
    def reading(self) -> ReadColumns:
        """What reads a row."""
        (found,) = (each for each in self.operations if isinstance(each, ReadColumns))
        return found

    @property
    def may_be_missing(self) -> bool:
        """Whether the model has learned what to fill in for missing values."""
        branches = [
            branch
            for each in self.operations
            if isinstance(each, Average)
            for branch in each.members
        ]
        return all(
            any(isinstance(each, Impute) for each in branch)
            for branch in branches or [tuple(self.operations)]
        )

    @property
    def value_names(self) -> tuple[str, ...]:
        """The names of the numbers that the answer is made from."""
        encoding = self.model.encoding
        if encoding.classes is None:
            return encoding.target_names
        if encoding.probabilities:
            return tuple(map(str, encoding.classes))
        return tuple(map(str, encoding.output_names))

    @property
    def maker(self) -> str:
        """What made the file."""
        return f"nnscratch {__version__}"

    @property
    def size(self) -> int:
        """How many numbers the network has."""
        return sum(int(member.network.weights.size) for member in self.model.members)

    def check_size(self, most: int, file_format: str) -> None:
        """Refuses a network that is too large for a format.

        Raises:
            NNScratchError: It has more numbers than `most`.
        """
        if self.size > most:
            raise NNScratchError(
                f"the network has {plural(self.size, 'number')}, too many for {file_format}, which "
                f"takes up to {most:,}"
            )

    @property
    def _border(self) -> int:
        kinds = (Threshold, ArgMax, NameOutputs)
        return next(i for i, each in enumerate(self.operations) if isinstance(each, kinds))


def take_subject(
    found: RunFiles, model: Predictor, *, needs_ranges: bool, report: Report = lambda _: None
) -> Subject:
    """Returns a run's model as a subject.

    Args:
        found: The run, or a weights file on its own.
        model: Its model.
        needs_ranges: Whether to look into the run's data for the ranges of the columns; where
            there is none, they are what the model file knows.
        report: Called with what is being done if it takes long.

    Raises:
        RunError: The run's record cannot be read.
        ConfigError: Its config cannot be read.
    """
    if found.directory is None:
        return Subject.of(model, found.weights.stem)
    record = read_record(found.directory)
    figures = {"test": record.test, "best epoch": record.best, "last epoch": record.final}
    subject = replace(
        Subject.of(model, record.name or found.directory.name),
        trained=record.started or "",
        figures={part: _known(values) for part, values in figures.items() if values},
    )
    if found.config is None:
        return subject
    subject = replace(subject, data=_describe_data(found))
    if needs_ranges and model.image is None:
        subject = replace(subject, ranges=data_ranges(found, model, report) or subject.ranges)
    return subject


def in_float64(model: Predictor) -> Predictor:
    """Returns a model, or an ensemble, that computes in float64 with the same weights."""
    twins = [_member_in_float64(member) for member in model.members]
    return Ensemble(twins, model.features) if isinstance(model, Ensemble) else twins[0]


def _member_in_float64(model: Model) -> Model:
    network = model.network
    twin = Network(**{**network.describe(), "dtype": "float64"}, initializer="zeros")
    twin.weights[:] = network.weights
    return replace(model, network=twin, encoding=replace(model.encoding, loss=twin.loss))


def _known(figures: dict[str, float | None]) -> dict[str, float]:
    return {name: value for name, value in figures.items() if value is not None}


def _describe_data(found: RunFiles) -> str:
    from nnscratch.config import load

    assert found.config
    dataset: Any = load(found.config, find_files=False).dataset
    path = getattr(dataset, "path", None)
    file = "" if path is None else f" {str(path).replace(chr(92), '/').rpartition('/')[2]}"
    return f"{dataset.name}{file}"
