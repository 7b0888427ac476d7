"""The scores of many runs as a table: mean, standard deviation, best and worst."""

from typing import TYPE_CHECKING

from nnscratch.cli.output import print_message
from nnscratch.cli.tables import print_table

if TYPE_CHECKING:
    from nnscratch.runs.record import Many

_SUMMARY = ("mean", "sd", "best", "worst")


def print_scores(many: "Many") -> None:
    """Prints a table of the scores of many runs: mean, standard deviation, best and worst."""
    from nnscratch.model.scores import value_text

    def text(name: str, value: float | None) -> str:
        return "" if value is None else value_text(name, value)

    scores = many.scores or {}
    has_interval = any(figures.get("low") is not None for figures in scores.values())
    interval = ["95 % interval"] if has_interval else []
    rows = []
    for name, figures in scores.items():
        texts = [text(name, figures.get(key)) for key in _SUMMARY]
        ends = [text(name, figures.get(key)) for key in ("low", "high")]
        rows.append([name, *texts, *([" to ".join(ends)] if interval else [])])
    print_table(["score", *_SUMMARY, *interval], rows)
    if has_interval:
        print_message("the interval is for the mean, by the corrected resampled t-test")
