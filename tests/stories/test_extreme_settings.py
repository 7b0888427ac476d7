"""Every number that a setting allows trains, or ends with a message that says what went wrong."""

from collections.abc import Iterator
from math import inf, nextafter
from typing import Any

import pytest

from nnscratch.config import Config
from nnscratch.config.settings.short_forms import (
    AverageSettings,
    BatchNormSettings,
    EarlyStoppingSettings,
)
from nnscratch.nn.activations import ACTIVATIONS
from nnscratch.nn.initializers import INITIALIZERS
from nnscratch.nn.losses import LOSSES
from nnscratch.nn.optimizers import OPTIMIZERS
from nnscratch.nn.registry import fields_of
from nnscratch.nn.training.schedules import SCHEDULES
from tests.conftest import Command

REGISTRIES: dict[str, Any] = {
    "activation": ACTIVATIONS,
    "initializer": INITIALIZERS,
    "loss": LOSSES,
    "optimizer": OPTIMIZERS,
    "schedule": SCHEDULES,
}
PARTS: dict[str, Any] = {
    "average": AverageSettings,
    "batch_norm": BatchNormSettings,
    "early_stopping": EarlyStoppingSettings,
}
# Settings that are allowed by themselves may not fit each other.
RELATIONS = ("must be below `epochs`", "must be at least `minval`")
# The default watches rows that XOR does not have.
WATCH = {"reduce_on_plateau": "monitor: loss, ", "early_stopping.": "monitor: loss, "}
BOUNDS = ("gt", "ge", "lt", "le")


def numbers() -> Iterator[tuple[str, str, dict[str, float]]]:
    """Yields each floating-point setting: its key, what goes before its value, and its bounds."""
    for key, registry in REGISTRIES.items():
        for name, component in registry.items():
            start = f"{key}={{name: {name}, {WATCH.get(name, '')}"
            for field in fields_of(component):
                if field.type is float or field.type == "float":
                    limits = dict(field.metadata["setting"].limits)
                    yield f"{key}.{name}.{field.name}", f"{start}{field.name}: ", limits
    models = {"": Config} | {f"{part}.": model for part, model in PARTS.items()}
    for prefix, model in models.items():
        for name, about in model.model_fields.items():
            if about.annotation in (float, float | None):
                found = {b: getattr(m, b) for m in about.metadata for b in BOUNDS if hasattr(m, b)}
                limits = {bound: value for bound, value in found.items() if value is not None}
                start = f"{prefix[:-1]}={{{WATCH.get(prefix, '')}{name}: " if prefix else f"{name}="
                yield prefix + name, start, limits


NUMBERS = list(numbers())


def extremes(limits: dict[str, float]) -> list[float]:
    """Returns the smallest and the largest number that a setting allows, and the least above 0."""
    low = limits["ge"] if "ge" in limits else nextafter(limits["gt"], inf)
    high = limits["le"] if "le" in limits else nextafter(limits["lt"], -inf)
    return [*dict.fromkeys([low, high, *([5e-324] if low <= 0 else [])])]


@pytest.mark.slow  # four trainings for each of sixty settings
@pytest.mark.parametrize(("key", "start", "limits"), NUMBERS, ids=[key for key, _, _ in NUMBERS])
def test_a_number_is_bounded_and_trains_at_its_bounds(
    key: str, start: str, limits: dict[str, float], nnscratch: Command, workplace: object
) -> None:
    assert {"gt", "ge"} & limits.keys(), key
    assert {"lt", "le"} & limits.keys(), key
    fitting = ["loss=mean_squared_error"] if key.startswith("loss.huber") else []
    for value in extremes(limits):
        for dtype in ("float32", "float64"):
            change = f"{start}{value!r}" + ("}" if "{" in start else "")
            result = nnscratch(
                "train", "configs/xor.yaml", "epochs=3", f"dtype={dtype}", *fitting, change,
                "--quiet", "--no-plots",
            )  # fmt: skip
            related = result.code == 2 and any(rule in result.err for rule in RELATIONS)
            assert related or result.code in (0, 1), (change, result.err)
            assert "mistake in nnscratch" not in result.err, change
            assert (result.code == 0) == (not result.err.startswith("error")), (change, result.err)


def test_there_are_settings_of_every_kind() -> None:
    kinds = {key.partition(".")[0] for key, _, _ in NUMBERS}
    assert kinds >= {
        *REGISTRIES,
        *PARTS,
        "learning_rate",
        "dropout",
        "l1",
        "clip_norm",
        "max_seconds",
    }
