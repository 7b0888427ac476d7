"""The learning curves of several runs: medians by hand, also where one has stopped early."""

import warnings
from math import inf, nan

import numpy as np

from nnscratch.runs.curves import align, median_epochs, quantiles

LONG = {
    "epoch": [1.0, 2.0, 3.0], "loss": [5.0, 3.0, 1.0], "val_loss": [nan, 2.0, 2.0],
    "learning_rate": [0.1, 0.1, 0.1], "seconds": [1.0, 1.0, 1.0],
}  # fmt: skip
SHORT = {
    "epoch": [1.0, 2.0], "loss": [4.0, 2.0], "val_loss": [nan, 4.0],
    "learning_rate": [0.3, 0.3], "seconds": [3.0, 3.0],
}  # fmt: skip
OTHER = {**LONG, "loss": [9.0, 8.0, 7.0]}


def test_a_run_that_has_stopped_keeps_its_last_figures() -> None:
    np.testing.assert_array_equal(align([LONG, SHORT], "loss"), [[5, 3, 1], [4, 2, 2]])


def test_quantiles_by_hand() -> None:
    assert quantiles([LONG, SHORT, OTHER], "loss", 0.5).tolist() == [5, 3, 2]
    assert quantiles([LONG, SHORT, OTHER], "loss", 0.0).tolist() == [4, 2, 1]
    first, *others = quantiles([LONG, SHORT], "val_loss", 0.5).tolist()
    assert np.isnan(first)  # no run was validated then
    assert others == [3, 3]


def test_a_run_without_a_figure_does_not_count_in_that_epoch() -> None:
    broken = {**LONG, "loss": [nan, 3.0, 1.0]}
    assert quantiles([broken, SHORT, OTHER], "loss", 0.5).tolist() == [6.5, 3, 2]


def test_infinite_figures_have_a_gap_and_no_warning() -> None:
    broken = {**LONG, "loss": [5.0, inf, inf], "val_loss": [nan, inf, inf]}
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert quantiles([broken, OTHER, broken], "loss", 0.0).tolist() == [5, 8, 7]
        assert np.isnan(quantiles([broken, broken, SHORT], "val_loss", 0.75)[1:]).all()
        assert np.isnan(quantiles([broken, broken, SHORT], "loss", 0.75)[1:]).all()


def test_the_median_has_the_epochs_of_the_longest_run() -> None:
    epochs = median_epochs([LONG, SHORT, OTHER])
    assert [record.epoch for record in epochs] == [1, 2, 3]
    assert epochs[2].scores == {"loss": 2.0, "val_loss": 2.0}
    assert (epochs[0].learning_rate, epochs[0].seconds) == (0.1, 1.0)


def test_a_figure_that_not_all_have_is_left_out() -> None:
    without = {key: values for key, values in SHORT.items() if key != "val_loss"}
    assert median_epochs([LONG, without])[0].scores == {"loss": 4.5}
