"""Predictions along one column, and each hidden unit's output."""

from nnscratch.plots import cross_section

KIND = cross_section.kind_of_plot(axes=1)
