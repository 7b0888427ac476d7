"""Predictions along one column, and each hidden unit's output."""

from nnscratch.plots.response_kind import kind_of_plot

KIND = kind_of_plot(axes=1)
