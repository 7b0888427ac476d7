"""Runs whose networks are known, shared by the tests of plots."""

from collections.abc import Mapping, Sequence
from math import exp
from pathlib import Path
from typing import Any

from matplotlib.figure import Figure

from nnscratch import load_config, prepare
from nnscratch.experiment.experiment import Experiment
from nnscratch.plots.drawing import draw
from nnscratch.plots.plotted_run import PlottedRun
from nnscratch.runs import WEIGHTS, RunFiles

XOR = "dataset: xor\narchitecture: [2]\nactivation: tanh\n"
XOR_WEIGHTS = {
    "dense_1.kernel": [[1.0, -2.0], [0.5, 1.0]],
    "dense_1.bias": [0.25, -0.5],
    "dense_2.kernel": [[3.0], [-1.0]],
    "dense_2.bias": [0.5],
}
THREE_COLUMNS = "[[0, 1, 7], [1, 0, 7], [2, 4, 7], [8, 3, 7]]"
TWO_COLUMNS = "[[0, 1], [1, 0], [2, 4], [8, 3]]"
NUMBERS = "[0.5, 1.5, 2.5, 7.25]"
CLASSES = "[a, b, a, b]"
LABELS = "[[0, 1], [1, 0], [1, 1], [0, 0]]"


def inline(targets: str, inputs: str = THREE_COLUMNS) -> str:
    """Returns the config's line for these rows."""
    return f"dataset: {{name: inline, inputs: {inputs}, targets: {targets}}}\n"


def prepared(folder: Path, text: str) -> Experiment:
    """Returns the experiment that a config describes, untrained."""
    path = folder / "plotted.yaml"
    path.write_text(text)
    return prepare(load_config(path, []))


def set_weights(experiment: Experiment, weights: Mapping[str, Any]) -> Experiment:
    """Gives the network these weights; all others become 0."""
    params = experiment.model.network.params
    params.flat[:] = 0.0
    for name, values in weights.items():
        params[name][:] = values
    return experiment


def plotted(experiment: Experiment, columns: Sequence[str] = ()) -> PlottedRun:
    """Returns an experiment as if it had just been trained."""
    run = Path("runs", "my-run")
    return PlottedRun(RunFiles(run / WEIGHTS, run), columns, experiment)


def sigmoid(z: float) -> float:
    """Returns 1 / (1 + exp(-z))."""
    return 1 / (1 + exp(-z))


def draw_figure(run: PlottedRun, kind: str) -> Figure:
    """Draws a kind of plot that is no animation."""
    figure = draw([run], kind)
    assert isinstance(figure, Figure)
    return figure
