"""The learning rate over the epochs, against the schedule's own formula."""

import numpy as np
import pytest

from nnscratch.nn.training.schedules import ConstantSchedule, LinearSchedule, OneCycleSchedule
from nnscratch.plots.figures.learning_rate import draw_learning_rate
from tests.plots.figure_checks import assert_nothing_cut_off, title_of


def test_a_linear_schedule_is_a_straight_line() -> None:
    figure = draw_learning_rate("xor", LinearSchedule(end=0.2), 0.5, 4)
    (line,) = figure.axes[0].lines
    x, y = np.asarray(line.get_xdata(), float), np.asarray(line.get_ydata(), float)
    assert y == pytest.approx(0.5 * (1 - 0.8 * x / 4))
    assert (x[0], figure.axes[0].get_xlim()) == (0, (0, 4))
    assert figure.axes[0].get_ylim()[0] == 0
    assert title_of(figure) == "Learning rate from 0.5 to 0.1\nxor"
    assert_nothing_cut_off(figure)


def test_the_title_names_a_peak_and_a_constant() -> None:
    constant = draw_learning_rate("a", ConstantSchedule(), 0.1, 3)
    assert title_of(constant) == "Constant learning rate 0.1\na"
    assert "over 1 to" in title_of(draw_learning_rate("b", OneCycleSchedule(), 1.0, 10))


@pytest.mark.parametrize("epochs", [1, 20, 5000])
def test_epochs_are_whole_numbers_and_the_points_few(epochs: int) -> None:
    figure = draw_learning_rate("a", LinearSchedule(), 0.1, epochs)
    assert len(np.asarray(figure.axes[0].lines[0].get_xdata())) <= 3000
    assert all(tick == int(tick) for tick in figure.axes[0].get_xticks())
