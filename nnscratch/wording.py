"""Figures in words, the same on the terminal and in pictures."""

from collections.abc import Mapping

_MANY_DIGITS = 100_000


def number(value: float) -> str:
    """Returns a number with four decimals, or three digits where those would hide it."""
    return f"{value:.4f}" if 0.001 <= abs(value) < _MANY_DIGITS else f"{value:.3g}"


def cell(value: object) -> str:
    """Returns a value as a column of a table shows it: every number with four decimals."""
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: ""}[value]
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float):
        return f"{value:.4f}" if abs(value) < _MANY_DIGITS else f"{value:.4g}"
    return str(value)


def scores(values: Mapping[str, float]) -> str:
    """Returns metrics in a row, accuracy in percent: `loss 0.0123  accuracy 100.0%`."""
    return "  ".join(
        f"{name} {value:.1%}" if name.endswith("accuracy") else f"{name} {number(value)}"
        for name, value in values.items()
    )


def plural(count: int, noun: str) -> str:
    """Returns `1 row`, `2 rows`."""
    return f"{count:,} {noun if count == 1 else f'{noun}s'}"
