"""Where a training ceased to be finite, on chains of units that arithmetic can follow."""

from typing import Any

import numpy as np
import pytest

from nnscratch.errors import DivergedError
from nnscratch.nn.network import Network
from nnscratch.nn.optimizers.first_order import SGD
from nnscratch.nn.training.fit import fit


def diverge(
    kernels: list[float], x: float, *, loss: str = "mean_squared_error", **settings: Any
) -> DivergedError:
    """Trains a chain of single linear units without biases towards 0 until it diverges."""
    dtype = settings.pop("dtype", "float32")
    rows = np.full((settings.pop("rows", 1), 1), x)
    network = Network(
        1, [1] * (len(kernels) - 1), 1, activation="linear", loss=loss, use_bias=False, dtype=dtype
    )
    network.params.flat[:] = kernels
    before = network.weights.copy()
    with pytest.raises(DivergedError) as caught, np.errstate(all="ignore"):
        list(fit(network, rows, np.zeros_like(rows), optimizer=SGD(), **settings))
    if caught.value.epoch == 1:
        assert network.weights.tobytes() == before.tobytes()
    return caught.value


def found(error: DivergedError) -> tuple[int, int, str]:
    return error.epoch, error.step, error.layer


def test_an_output_that_overflows_names_its_layer() -> None:
    # 1e30 · 1e30 is above the largest float32, 3.4e38.
    assert found(diverge([1.0, 1e30, 1e30], 1.0)) == (1, 1, "dense_3")
    assert found(diverge([1e30, 1e30, 1.0], 1.0)) == (1, 1, "dense_2")
    assert found(diverge([1e30, 1e-30, 1.0], 1e10)) == (1, 1, "dense_1")


def test_a_loss_that_overflows_has_a_gradient_with_a_norm() -> None:
    # z = 1e25, so the loss is 1e50 and the gradient 2 z x = 2e25.
    error = diverge([1e25], 1.0)
    assert found(error) == (1, 1, "dense_1")
    assert error.gradient_norm == pytest.approx(2e25)
    assert "2e+25" in str(error)


def test_a_gradient_that_overflows_names_its_layer() -> None:
    # |z| = 1e10 · 1e-30 · 1e30; ∂|z|/∂w₂ = 1e-20 and ∂|z|/∂w₁ = 1e10 · 1e30, above float32.
    error = diverge([1e-30, 1e30], 1e10, loss="mean_absolute_error")
    assert found(error) == (1, 1, "dense_1")
    assert error.gradient_norm == np.inf
    # z = 1e30 · 1e-20; ∂z²/∂w₂ = 2e10 · 1e30 and ∂z²/∂w₁ = 2e10 · 1e-20.
    assert found(diverge([1e30, 1e-20], 1.0)) == (1, 1, "dense_2")


# w ← w − η 2 w is −1e10 w for this η; w² overflows where w is above 1e19, or 1e154.
RATE = (1 + 1e10) / 2


@pytest.mark.parametrize(("dtype", "step"), [("float32", 3), ("float64", 17)])
@pytest.mark.parametrize(("rows", "batch_size"), [(1, 1), (2, 1), (4, 1), (4, None), (30, 1)])
def test_a_step_too_large_diverges_when_arithmetic_says_so(
    dtype: str, step: int, rows: int, batch_size: int | None
) -> None:
    error = diverge(
        [1.0], 1.0, learning_rate=RATE, rows=rows, batch_size=batch_size, dtype=dtype, epochs=50
    )
    steps_per_epoch = 1 if batch_size is None else rows
    assert found(error) == (-(-step // steps_per_epoch), step, "dense_1")
    assert f"epoch {error.epoch} (step {step})" in str(error)


@pytest.mark.parametrize(("dtype", "norm"), [("float32", 2e20), ("float64", 2e160)])
def test_the_norm_of_a_gradient_is_a_number_where_its_square_is_none(
    dtype: str, norm: float
) -> None:
    error = diverge([1.0], 1.0, learning_rate=RATE, dtype=dtype)
    assert error.gradient_norm == pytest.approx(norm, rel=1e-4)


def test_an_update_that_overflows_belongs_to_the_epoch_of_its_step() -> None:
    # The loss is 1e30 and the gradient 2e15, but 1e30 times that is above float32.
    error = diverge([1e15], 1.0, learning_rate=1e30, rows=1, epochs=3)
    assert (error.epoch, error.step) == (1, 1)
