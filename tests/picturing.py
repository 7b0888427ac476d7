"""Helpers for the tests of plots: known networks, and the text and marks of a figure."""

import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.text import Text

from nnscratch import load_config, prepare
from nnscratch.experiment.experiment import Experiment
from nnscratch.plots import Subject
from nnscratch.runs import WEIGHTS, Found

# What rounding and antialiasing may add, in inches.
_SLACK = 0.03


def prepared(folder: Path, text: str) -> Experiment:
    """Returns what a config describes, untrained."""
    path = folder / "pictured.yaml"
    path.write_text(text)
    return prepare(load_config(path, []))


def give(experiment: Experiment, weights: Mapping[str, Any]) -> Experiment:
    """Gives the network these weights; all others become 0."""
    params = experiment.model.network.params
    params.flat[:] = 0.0
    for name, values in weights.items():
        params[name][:] = values
    return experiment


def pictured(experiment: Experiment, columns: Sequence[str] = (), name: str = "my-run") -> Subject:
    """Returns an experiment as if it had just been trained."""
    run = Path("runs", name)
    return Subject(Found(run / WEIGHTS, run), columns, experiment)


def words_on(figure: Figure) -> list[str]:
    """Returns all that can be read on a figure."""
    figure.draw_without_rendering()
    texts = figure.findobj(lambda artist: isinstance(artist, Text) and artist.get_visible())
    return [text.get_text() for text in texts if isinstance(text, Text) and text.get_text()]


def title_of(figure: Figure) -> str:
    """Returns what stands above a figure."""
    return str(figure.get_suptitle())


def render(figure: Figure, kind: str = "png") -> bytes:
    """Returns a picture's bytes; whatever matplotlib warns of is an error in tests."""
    file = io.BytesIO()
    figure.savefig(file, format=kind)
    return file.getvalue()


def assert_nothing_cut_off(figure: Figure) -> None:
    """Checks that whatever is drawn lies on the page."""
    figure.draw_without_rendering()
    box, (width, height) = figure.get_tightbbox(), figure.get_size_inches()
    edges = np.array([box.x0, box.y0, width - box.x1, height - box.y1])
    assert (edges > -_SLACK).all(), f"left, bottom, right, top overhang: {edges.round(2)}"
