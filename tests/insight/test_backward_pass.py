"""The gradients that are explained follow from each other."""

import re
from collections.abc import Iterable

import pytest

from nnscratch.insight.section import Section
from tests.insight.explaining import (
    W1,
    W2,
    build_model,
    sections_of,
    table,
)


def linked(sections: dict[str, Section], x: Iterable[float], block: int, inputs: list[str]) -> None:
    """Checks ∂L/∂W = xᵀ ∂L/∂z with the numbers that are shown."""
    normalized = f"back through batch_norm_{block}"
    way = normalized if normalized in sections else f"back through activation_{block}"
    back = table(sections[way])["∂L/∂z"]
    grads = table(sections[f"gradients of dense_{block}"])["∂L/∂w"]
    for name, value in zip(inputs, x, strict=True):
        for unit, d in back.items():
            assert grads[f"W {name} → {unit}"] == pytest.approx(value * d, rel=1e-9)


@pytest.mark.parametrize("batch_norm", [False, True])
def test_the_numbers_shown_follow_from_each_other(batch_norm: bool) -> None:
    noted = {
        "batch_norm_1.gamma": [3.0, -0.7],
        "batch_norm_1.beta": [0.1, 0.3],
        "batch_norm_1.moving_mean": [0.2, -0.4],
        "batch_norm_1.moving_variance": [4.0, 0.25],
    }
    weights = {"dense_1.kernel": W1, "dense_2.kernel": W2, **(noted if batch_norm else {})}
    model = build_model(
        weights, [{"units": 2, "batch_norm": batch_norm}], activation="tanh",
        loss="binary_cross_entropy",
    )  # fmt: skip
    sections = sections_of(model, [1.0, 3.0], 1)
    linked(sections, [1.0, 3.0], 1, ["x1", "x2"])


@pytest.mark.parametrize("batch_norm", [False, True])
@pytest.mark.parametrize("activation", ["linear", "tanh"])
def test_no_formula_has_the_same_name_on_both_sides(activation: str, batch_norm: bool) -> None:
    hidden = [{"units": 1, "activation": activation, "batch_norm": batch_norm}] * 2
    kernels = {f"dense_{i}.kernel": [[1.0]] for i in (1, 2, 3)}
    sections = sections_of(build_model(kernels, hidden, loss="mean_squared_error"), [1.0], 1)
    pairs = [
        line.split(" = ", 1) for s in sections.values() for line in s.formulas if line[:1] == "∂"
    ]
    assert any(right.startswith("∂L/∂z of dense_3") for _, right in pairs if right)
    for left, right in pairs:
        assert not re.match(re.escape(left) + r"(?! of dense)", right), (left, right)
