"""Figures in words, the same on the terminal and in pictures."""

from collections.abc import Mapping

_MANY_DIGITS = 100_000


def number(value: float) -> str:
    """Returns a number with four decimals, or three digits where those would hide it."""
    return f"{value:z.4f}" if 0.001 <= abs(value) < _MANY_DIGITS else f"{value:.3g}"


def cell(value: object) -> str:
    """Returns a value as a column of a table shows it: fractions with four decimals."""
    if value is None:
        return ""
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}"
    if isinstance(value, float):
        return f"{value:z.4f}" if abs(value) < _MANY_DIGITS else f"{value:.4g}"
    return label_text(value)


def scores(values: Mapping[str, float]) -> str:
    """Returns metrics in a row, accuracy in percent: `loss 0.0123  accuracy 100.0%`."""
    return "  ".join(
        f"{name} {value:.1%}" if name.endswith("accuracy") else f"{name} {number(value)}"
        for name, value in values.items()
    )


def label_text(label: object) -> str:
    """Returns a class or a number as a config writes it, with control characters spelt out."""
    text = str(label).lower() if isinstance(label, bool) else str(label)
    return "".join(char if char.isprintable() else repr(char)[1:-1] for char in text)


def plural(count: int, noun: str) -> str:
    """Returns `1 row`, `2 rows`, `2 classes`."""
    ending = "" if count == 1 else "es" if noun.endswith("s") else "s"
    return f"{count:,} {noun}{ending}"
