"""What pictures are drawn of: a run with its model, its data and its history, read as needed."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from nnscratch.data.dataset import Dataset, Report, Split
from nnscratch.errors import NNScratchError, UsageError
from nnscratch.experiment.experiment import Experiment
from nnscratch.experiment.run_data import choose_split, load_data
from nnscratch.formatting import label_text
from nnscratch.model.evaluation import Evaluation, evaluate_split
from nnscratch.model.model import Model
from nnscratch.model.scores import scores_text
from nnscratch.plots.figures.curves import History
from nnscratch.runs import RunFiles, RunRecord, read_metrics, read_record

NO_RUN = "a weights file alone has no history; name a run"


@dataclass(frozen=True, eq=False)
class Subject:
    """A run to draw.

    Attributes:
        found: The run, or a weights file alone.
        columns: Those that vary in a slice, by name; none for all that there are.
        trained: The experiment, where it has just been trained and holds what the files hold.
        report: Told what is being done if it takes long.
    """

    found: RunFiles
    columns: Sequence[str] = ()
    trained: Experiment | None = None
    report: Report = lambda _: None

    @property
    def name(self) -> str:
        """What the run is called."""
        return label_text((self.found.directory or self.found.weights).resolve().name)

    @property
    def run(self) -> Path:
        """The run's directory.

        Raises:
            UsageError: There is none.
        """
        if self.found.directory is None:
            raise UsageError(f"{self.found.weights}: {NO_RUN}")
        return self.found.directory

    @cached_property
    def history(self) -> History:
        """The columns of metrics.csv."""
        return read_metrics(self.run)

    @cached_property
    def record(self) -> RunRecord:
        """What run.json holds."""
        return read_record(self.run)

    @cached_property
    def model(self) -> Model:
        """The model."""
        return self.trained.model if self.trained else Model.load(self.found.weights)

    @property
    def names_data(self) -> bool:
        """Whether there is a config that says what the data are."""
        return self.trained is not None or self.found.config is not None

    @cached_property
    def dataset(self) -> Dataset:
        """The data that it was trained on."""
        if self.trained:
            return self.trained.dataset
        return load_data(self.found, self.model, report=self.report)

    @cached_property
    def judged(self) -> tuple[str, Split]:
        """The name and the rows of the part that it is judged by."""
        return choose_split(self.dataset)

    @cached_property
    def evaluation(self) -> Evaluation:
        """Its figures on those rows."""
        return evaluate_split(self.model, *self.judged)

    @property
    def title(self) -> str:
        """The run and its result, where the data are at hand."""
        try:
            self.evaluation  # noqa: B018 - computed once, or not at all
        except NNScratchError:
            return self.name
        figures = {k: v for k, v in self.evaluation.scores.items() if k != "loss"}
        return f"{self.name}\n{self.judged_rows} {scores_text(figures)}"

    @property
    def judged_rows(self) -> str:
        """What those rows are called."""
        return "training" if self.judged[0] == "train" else self.judged[0]
