"""The schedule: drawn from a config, unless training decides what the learning rate is."""

from pathlib import Path

import pytest
from matplotlib.figure import Figure

from nnscratch.errors import NNScratchError
from nnscratch.plots.kinds.schedule import KIND
from nnscratch.plots.plotted_run import PlottedRun
from tests.plots.figure_checks import title_of


def config_alone(folder: Path, settings: str) -> PlottedRun:
    path = folder / "mine.yaml"
    path.write_text(f"dataset: {{name: iris, validation: 0.2}}\nepochs: 10\n{settings}\n")
    return PlottedRun(None, config_alone=path)


def test_the_learning_rate_is_that_of_the_config(tmp_path: Path) -> None:
    run = config_alone(tmp_path, "schedule: linear\nlearning_rate: 0.5")
    assert KIND.unavailable(run) == ""
    figure = KIND.draw(run)
    assert isinstance(figure, Figure)
    assert title_of(figure).startswith("Learning rate from 0.5 to ")
    assert figure.axes[0].get_xlim() == (0, 10)


@pytest.mark.parametrize("setting", ["schedule: reduce_on_plateau", "optimizer: lbfgs"])
def test_a_learning_rate_that_training_decides_is_not_drawn(tmp_path: Path, setting: str) -> None:
    name = setting.partition(": ")[2]
    reason = KIND.unavailable(config_alone(tmp_path, setting))
    assert reason.startswith(f"{name} finds the learning rate during training")


def test_settings_that_contradict_each_other_are_errors(tmp_path: Path) -> None:
    with pytest.raises(NNScratchError, match="lbfgs"):
        KIND.unavailable(config_alone(tmp_path, "optimizer: lbfgs\nschedule: cosine"))
