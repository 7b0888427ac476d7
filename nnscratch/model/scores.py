"""Scores as text: metrics as a person reads them, on the terminal and in plots."""

from collections.abc import Mapping

from nnscratch.formatting import number
from nnscratch.nn.metrics import CALIBRATED_LOSS, metric_of

_HELD_OUT = ("val_", "test_")


def scores_text(scores: Mapping[str, float]) -> str:
    """Returns scores in a row, shares in percent: `loss 0.0123  accuracy 100.0%`."""
    return "  ".join(f"{name} {value_text(name, value)}" for name, value in scores.items())


def value_text(name: str, value: float) -> str:
    """Returns one score without its name: `100.0%` or `0.0123`."""
    return f"{value:.1%}" if _is_percent(name) else number(value)


def brief_text(name: str, value: float) -> str:
    """Returns one score with its name, unless a percentage makes that plain: `97.1%`, `mae 3.2`."""
    text = value_text(name, value)
    return text if _is_percent(name) else f"{name} {text}"


def brief_scores_text(scores: Mapping[str, float]) -> str:
    """Returns scores for a narrow line: the loss, and the metric of held-out rows if there are any.

    `loss 0.0123  val 97.1%  test 96.0%`
    """
    held_out = [
        f"{prefix[:-1]} {brief_text(name, value)}"
        for prefix in _HELD_OUT
        if f"{prefix}loss" in scores
        for name, value in scores_of(scores, prefix).items()
        if name not in ("loss", CALIBRATED_LOSS.removeprefix(prefix))
    ]
    training = scores_text({"loss": scores["loss"]} if held_out else scores)
    return "  ".join([training, *held_out])


def scores_of(scores: Mapping[str, float], prefix: str = "") -> dict[str, float]:
    """Returns the scores whose names begin with `val_` or `test_`, without it; or all others."""
    return {
        name.removeprefix(prefix): value
        for name, value in scores.items()
        if (name.startswith(prefix) if prefix else not name.startswith(_HELD_OUT))
    }


def _is_percent(name: str) -> bool:
    metric = metric_of(name)
    return metric is not None and metric.percent
