"""What is plotted: a run with its model, its data and its history, each read when it is needed."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from nnscratch.config import Config, load
from nnscratch.data.dataset import Dataset, Report, Split
from nnscratch.errors import NNScratchError, UsageError
from nnscratch.experiment.experiment import Experiment
from nnscratch.experiment.run_data import choose_split, load_data
from nnscratch.formatting import label_text, plural, typed
from nnscratch.model.evaluation import Evaluation, evaluate_split
from nnscratch.model.loading import load_model
from nnscratch.model.model import Model
from nnscratch.model.predictor import Predictor
from nnscratch.model.scores import scores_text
from nnscratch.plots.figures.learning_curves import History
from nnscratch.runs import RunFiles, read_metrics, read_record
from nnscratch.runs.members import many_of

NO_RUN = "a weights file alone has no history; name a run"


@dataclass(frozen=True, eq=False)
class PlottedRun:
    """A run to plot, or a weights file alone, or a config alone.

    Attributes:
        files: The run or the weights file; None for a config alone.
        columns: The columns that vary along a line or on a plane, by name; none for all.
        experiment: What has just been trained, if it has, so that nothing needs to be read.
        config_alone: The file of a config without a run.
        member: The member of an ensemble, counted from 1, in the plots of a single network.
        report: Is called with what is being done, if that takes long.
        progress: Is called with each step of what takes long.
    """

    files: RunFiles | None
    columns: Sequence[str] = ()
    experiment: Experiment | None = None
    config_alone: Path | None = None
    member: int = 1
    report: Report = lambda _: None
    progress: Report = lambda _: None

    @property
    def name(self) -> str:
        """The name of the run's directory, or of the file."""
        if self.files is None:
            return label_text(self.config_alone)
        return label_text((self.files.directory or self.files.weights).resolve().name)

    @property
    def has_directory(self) -> bool:
        """Whether it is a run, and not a file alone."""
        return self.files is not None and self.files.directory is not None

    @property
    def directory(self) -> Path:
        """The run's directory.

        Raises:
            UsageError: There is none.
        """
        if self.files is None or self.files.directory is None:
            raise UsageError(f"{self.name}: {NO_RUN}")
        return self.files.directory

    @property
    def weights(self) -> Path:
        """The file of its weights."""
        assert self.files, "a config alone has only a schedule"
        return self.files.weights

    @cached_property
    def history(self) -> History:
        """The columns of metrics.csv.

        Raises:
            RunError: It cannot be read, or has no finished epoch.
            UsageError: It is made from many runs that are not all done.
        """
        if many_of(self.directory) and not self.weights.exists():
            goes_on = f"nnscratch resume {typed(self.directory)} goes on with them"
            raise UsageError(f"{self.name}: its curves are made when all runs are done; {goes_on}")
        return read_metrics(self.directory)

    @cached_property
    def curves_name(self) -> str:
        """The name of the run, and of which of many runs its history is."""
        many = many_of(self.directory)
        runs = f": the median of {plural(many.completed or 0, 'run')}" if many else ""
        return f"{self.name}{runs}"

    @cached_property
    def best_epoch(self) -> int | None:
        """The epoch whose weights were saved, if run.json records it."""
        return read_record(self.directory).kept_epoch

    @cached_property
    def config(self) -> Config:
        """The config.

        Raises:
            UsageError: There is none, or none that can be used.
        """
        path = self.config_alone or (self.files.config if self.files else None)
        if path is None:
            raise UsageError(f"{self.name}: there is no config next to it; name a run")
        return load(path, find_files=False)

    @cached_property
    def model(self) -> Predictor:
        """The model or the ensemble."""
        return self.experiment.model if self.experiment else load_model(self.weights)

    @property
    def single(self) -> Model:
        """The model whose network is drawn where a plot shows a single one.

        Raises:
            UsageError: The ensemble has no such member.
        """
        self.check_member()
        return self.model.members[self.member - 1]

    def check_member(self) -> None:
        """Checks that there is the member whose network is drawn.

        Raises:
            UsageError: There is not.
        """
        count = len(self.model.members)
        if not 1 <= self.member <= count:
            raise UsageError(
                f"{self.name}: has {plural(count, 'network')}, so no member {self.member}"
            )

    @property
    def which(self) -> str:
        """Which member of an ensemble that is; an empty string for a model."""
        count = len(self.model.members)
        return f"member {self.member} of {count}" if count > 1 else ""

    @property
    def predicts(self) -> str:
        """What the network predicts: labels, classes or numbers."""
        if self.model.encoding.multi_label:
            return "labels"
        return "numbers" if self.model.encoding.classes is None else "classes"

    @property
    def names_data(self) -> bool:
        """Whether there is a config that says what the data are."""
        return self.experiment is not None or bool(self.files and self.files.config)

    @cached_property
    def dataset(self) -> Dataset:
        """The data that it was trained on."""
        if self.experiment:
            return self.experiment.dataset
        assert self.files
        return load_data(self.files, self.model, report=self.report)

    @cached_property
    def evaluated(self) -> tuple[str, Split]:
        """The name and the rows of the split that it is evaluated on."""
        return choose_split(self.dataset)

    @property
    def evaluated_rows(self) -> str:
        """What those rows are called."""
        name, _ = self.evaluated
        return "training" if name == "train" else name

    @property
    def unjudged(self) -> str:
        """Why the ensemble as a whole cannot be judged; an empty string if it or the model can.

        It cannot where each network has held out other rows, and there are no others.
        """
        name, _ = self.evaluated
        if name != "train" or "validation" not in self.dataset.held_out:
            return ""
        rule = "each network was trained on rows that others have held out, and no rows are left"
        return f"{rule} to judge all by; nnscratch evaluate has each judge its own"

    @cached_property
    def evaluation(self) -> Evaluation:
        """Its scores on those rows."""
        return evaluate_split(self.model, *self.evaluated)

    @property
    def is_trained(self) -> bool:
        """Whether it is more than a config."""
        return self.config_alone is None

    @property
    def scores(self) -> dict[str, float]:
        """The scores on those rows but for the loss; none where the data cannot be read."""
        try:
            scores = self.evaluation.scores
        except NNScratchError:
            return {}
        return {name: value for name, value in scores.items() if name != "loss"}

    @property
    def result(self) -> str:
        """The first of these scores: `test accuracy 98.0%`; empty where there are none."""
        first = dict([*self.scores.items()][:1])
        return f"{self.evaluated_rows} {scores_text(first)}" if first else ""

    def heading(self, what: str, *, result: bool = True, single: bool = False) -> str:
        """Returns the title of a plot with the first score, and below it the name of the run.

        Where there are several scores, all of them are in a further line.

        Args:
            what: The plot shows.
            result: Whether to write the result.
            single: Whether a single member of an ensemble is shown, which another line names.
        """
        title, lines = what, [self.name]
        scores = self.scores if result and self.is_trained else {}
        if not self.is_trained:
            title += " before training"
        elif scores:
            title += f", {self.result}"
        if len(scores) > 1:
            lines.append(f"{self.evaluated_rows} {scores_text(scores)}")
        if single and self.which:
            lines.append(self.which)
        return "\n".join([title, *lines])
