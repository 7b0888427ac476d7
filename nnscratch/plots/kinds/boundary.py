"""Predictions on a plane of two columns, and each hidden unit's output."""

from nnscratch.plots.cross_section import draw_cross_section, suggest_columns, unavailable
from nnscratch.plots.kind import PlotKind

KIND = PlotKind(
    draw=lambda run: draw_cross_section(run, axes=2),
    unavailable=lambda run: unavailable(run, axes=2),
    suggest_columns=lambda run: suggest_columns(run, axes=2),
)
