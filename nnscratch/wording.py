"""Figures in words, the same on the terminal and in pictures."""

from collections.abc import Mapping, Sequence

_MANY_DIGITS = 100_000
_SOME = 5
_PARTED = 10_000  # four digits are read at a glance


def number(value: float) -> str:
    """Returns a number with four decimals, or three digits where those would hide it."""
    return f"{value:z.4f}" if 0.001 <= abs(value) < _MANY_DIGITS else f"{value:.3g}"


def cell(value: object) -> str:
    """Returns a value as a column of a table shows it: fractions with four decimals."""
    if value is None:
        return ""
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}" if abs(value) >= _PARTED else f"{value}"
    if isinstance(value, float):
        return f"{value:z.4f}" if abs(value) < _MANY_DIGITS else f"{value:.4g}"
    return label_text(value)


def scores(values: Mapping[str, float]) -> str:
    """Returns metrics in a row, accuracy in percent: `loss 0.0123  accuracy 100.0%`."""
    return "  ".join(
        f"{name} {value:.1%}" if name.endswith("accuracy") else f"{name} {number(value)}"
        for name, value in values.items()
    )


def part_scores(values: Mapping[str, float], prefix: str = "") -> dict[str, float]:
    """Returns the metrics whose names begin with `val_` or `test_`, without it; or all others."""
    others = () if prefix else ("val_", "test_")
    return {
        name.removeprefix(prefix): value
        for name, value in values.items()
        if name.startswith(prefix) and not name.startswith(others)
    }


def brief_scores(values: Mapping[str, float]) -> str:
    """Returns metrics for a narrow line: held-out rows without their loss, then training's loss."""
    held_out = [
        scores(part_scores(values, prefix)).partition("  ")[2].replace("accuracy", prefix[:-1])
        for prefix in ("val_", "test_")
        if f"{prefix}loss" in values
    ]
    training = scores({"loss": values["loss"]}) if held_out else scores(values)
    return "  ".join([training, *held_out])


def label_text(label: object) -> str:
    """Returns a class or a number as a config writes it, with control characters spelt out."""
    text = str(label).lower() if isinstance(label, bool) else str(label)
    return "".join(char if char.isprintable() else repr(char)[1:-1] for char in text)


def some(labels: Sequence[object]) -> str:
    """Returns the first few of many: `a, b, c, d, e and 12 more`."""
    shown = ", ".join(map(label_text, labels[:_SOME]))
    return f"{shown} and {len(labels) - _SOME:,} more" if len(labels) > _SOME else shown


def plural(count: int, noun: str) -> str:
    """Returns `1 row`, `2 rows`, `2 classes`."""
    ending = "" if count == 1 else "es" if noun.endswith("s") else "s"
    return f"{count:,} {noun}{ending}"
