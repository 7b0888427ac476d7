"""The step that is explained: the first of every optimizer, with penalties, clipping and bounds."""

from collections.abc import Callable
from math import sqrt
from typing import Any

import pytest

from nnscratch.insight.section import Section
from nnscratch.model.model import Model
from nnscratch.nn.optimizers import OPTIMIZERS
from tests.insight.explaining import RATE, build_model, listed, of_two_units, sections_of, table

G = {"W x1 → 1": 6.0, "W x2 → 1": -3.0, "b 1": 1.5}


STEPS: list[tuple[dict[str, Any], Callable[[float, float], float]]] = [
    ({"name": "sgd"}, lambda g, _: -RATE * g),
    ({"name": "sgd", "momentum": 0.8}, lambda g, _: -RATE * g),
    ({"name": "sgd", "momentum": 0.8, "nesterov": True}, lambda g, _: -RATE * 1.8 * g),
    ({"name": "adagrad", "epsilon": 0.1}, lambda g, _: -RATE * g / (abs(g) + 0.1)),
    (
        {"name": "rmsprop", "rho": 0.75, "epsilon": 0.1},
        lambda g, _: -RATE * g / (sqrt(0.25 * g * g) + 0.1),
    ),
    ({"name": "adam", "epsilon": 0.1}, lambda g, _: -RATE * g / (abs(g) + 0.1)),
    (
        {"name": "adamw", "epsilon": 0.1, "weight_decay": 0.2},
        lambda g, w: -RATE * g / (abs(g) + 0.1) - RATE * 0.2 * w,
    ),
    ({"name": "rprop"}, lambda g, _: -RATE * ((g > 0) - (g < 0))),
]


WEIGHTS = {"W x1 → 1": 0.25, "W x2 → 1": -0.125, "b 1": 0.5}


def linear_model() -> Model:
    """With x = (4, −2), y = 1: z = 0.25 · 4 + 0.125 · 2 + 0.5 = 1.75, so ∂L/∂z = 1.5, g = x 1.5."""
    weights = {"dense_1.kernel": [[0.25], [-0.125]], "dense_1.bias": [0.5]}
    return build_model(weights, [], classes=None, loss="mean_squared_error")


def steps(**settings: Any) -> tuple[dict[str, float], dict[str, Section]]:
    sections = sections_of(linear_model(), [4.0, -2.0], [1.0], **settings)
    shown = table(sections["gradients of dense_1"])
    assert shown["∂L/∂w"] == pytest.approx(G)
    for name, step in shown["step"].items():
        assert shown["w + step"][name] == pytest.approx(shown["w"][name] + step)
    return shown["step"], sections


def test_each_weight_is_called_by_where_it_leads_from_and_to() -> None:
    weights = table(sections_of(of_two_units(), [3.0, 5.0], 1)["gradients of dense_1"])["w"]
    assert weights == {
        "W x1 → 1": 1.0, "W x1 → 2": -0.5, "W x2 → 1": 0.5, "W x2 → 2": 2.0,
        "b 1": 0.25, "b 2": -1.0,
    }  # fmt: skip


def test_every_optimizer_of_single_weights_has_a_first_step() -> None:
    for make in OPTIMIZERS.values():
        assert bool(make().first_step) is not make.line_search


@pytest.mark.parametrize(("optimizer", "step"), STEPS, ids=[str(one) for one, _ in STEPS])
def test_the_first_step_of_every_optimizer(
    optimizer: dict[str, Any], step: Callable[[float, float], float]
) -> None:
    batch = {"batch_size": "full"} if optimizer["name"] == "rprop" else {}
    made, _ = steps(optimizer=optimizer, **batch)
    assert made == pytest.approx({name: step(G[name], WEIGHTS[name]) for name in G})


def test_nadams_first_step() -> None:
    made, _ = steps(optimizer={"name": "nadam", "beta_1": 0.9, "epsilon": 0.1})
    # PyTorch's constants: μ_t = β₁ (1 − ½ 0.96^{0.004 t}); m = (1 − β₁) g after one step.
    now, after = (0.9 * (1 - 0.5 * 0.96 ** (0.004 * t)) for t in (1, 2))
    ahead = after * 0.1 / (1 - now * after) + (1 - now) / (1 - now)
    assert made == pytest.approx({n: -RATE * ahead * g / (abs(g) + 0.1) for n, g in G.items()})


def test_penalties_bounds_and_clipping_are_in_the_step_and_are_named() -> None:
    made, sections = steps(l1=0.375, l2=0.25, clip_norm=2.5)
    # The penalty is on weights only; then all is shortened to a norm of 2.5.
    pulled = [6.0 + 0.375 + 0.5 * 0.25, -3.0 - 0.375 - 0.5 * 0.125, 1.5]
    shortened = [2.5 * g / sqrt(sum(one * one for one in pulled)) for g in pulled]
    assert listed(made) == pytest.approx([-RATE * g for g in shortened])
    text = " ".join(sections["how weights learn"].formulas)
    assert all(number in text for number in ("0.375", "0.25", "2.5"))
    made, _ = steps(max_norm=1.0)
    # 0.25 − 3 and −0.125 + 1.5 are shortened to a norm of 1; the bias is free.
    norm = sqrt(2.75**2 + 1.375**2)
    assert listed(made) == pytest.approx([-2.75 / norm - 0.25, 1.375 / norm + 0.125, -0.75])


@pytest.mark.parametrize(
    ("settings", "constants"),
    [
        ({"optimizer": {"name": "adam", "epsilon": 0.125}}, ["0.125"]),
        ({"optimizer": {"name": "adamw", "epsilon": 0.125, "weight_decay": 0.375}}, ["0.375"]),
        ({"optimizer": {"name": "rmsprop", "rho": 0.625, "epsilon": 0.125}}, ["0.625", "0.125"]),
        ({"optimizer": {"name": "sgd", "momentum": 0.625, "nesterov": True}}, ["0.625"]),
        # 0.5 (1 − ½ · 0.96^0.004) and 0.5 (1 − ½ · 0.96^0.008).
        ({"optimizer": {"name": "nadam", "beta_1": 0.5}}, ["β₁ = 0.5", "0.25004", "0.25008"]),
    ],
)
def test_who_has_a_calculator_is_given_every_constant(
    settings: dict[str, Any], constants: list[str]
) -> None:
    _, sections = steps(**settings)
    text = " ".join(sections["how weights learn"].formulas)
    assert all(constant in text for constant in constants), text


def test_lbfgs_has_no_step_for_one_example() -> None:
    sections = sections_of(
        linear_model(), [4.0, -2.0], [1.0], optimizer={"name": "lbfgs"}, batch_size="full"
    )
    shown = table(sections["gradients of dense_1"])
    assert shown["∂L/∂w"] == pytest.approx(G)
    assert "step" not in shown
    assert "lbfgs" in "".join(sections["how weights learn"].formulas)
    assert "after this step" not in sections
