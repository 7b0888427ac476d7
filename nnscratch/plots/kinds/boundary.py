"""Predictions on a plane of two columns, and each hidden unit's output."""

from nnscratch.plots import cross_section

KIND = cross_section.kind_of_plot(axes=2)
