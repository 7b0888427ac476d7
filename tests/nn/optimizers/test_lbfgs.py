"""L-BFGS against the dense BFGS formula, minima known from elsewhere, and SciPy's optimizer."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from nnscratch.nn.evaluation import evaluate
from nnscratch.nn.network import Network
from nnscratch.nn.optimizers.lbfgs import LBFGS
from nnscratch.nn.training.epoch import EpochRecord
from nnscratch.nn.training.fit import fit
from nnscratch.nn.training.penalties import Penalty

Vector = np.ndarray[Any, np.dtype[np.floating[Any]]]
Gradient = Callable[[Vector], Vector]


def valley(size: int, seed: int = 0, dtype: str = "float64") -> tuple[Vector, Vector]:
    """Returns the positive definite Hessian of a quadratic and its minimum."""
    rng = np.random.default_rng(seed)
    rotation = np.linalg.qr(rng.normal(size=(size, size)))[0]
    hessian = rotation * np.geomspace(0.2, 5.0, size) @ rotation.T
    return hessian.astype(dtype), rng.normal(size=size).astype(dtype)


def descend(
    function: Callable[[Vector], tuple[float, Vector]],
    start: Vector,
    *,
    searches: int,
    learning_rate: float = 1.0,
    optimizer: LBFGS | None = None,
) -> tuple[Vector, list[float], list[Vector]]:
    """Returns where so many searches lead, the value before each and last, and all points tried."""
    optimizer = optimizer or LBFGS()
    params, grads = start.copy(), np.empty_like(start)
    optimizer.prepare(params)
    tried: list[Vector] = []

    def objective() -> float:
        value, grads[:] = function(params)
        tried.append(params.copy())
        return value

    values = []
    for _ in range(searches):
        value, grads[:] = function(params)
        values.append(value)
        optimizer.search(params, grads, learning_rate, value, objective)
    return params, [*values, function(params)[0]], tried


def quadratic(hessian: Vector, minimum: Vector) -> Callable[[Vector], tuple[float, Vector]]:
    def function(x: Vector) -> tuple[float, Vector]:
        gradient = hessian @ (x - minimum)
        return float((x - minimum) @ gradient) / 2, gradient

    return function


def dense_inverse(pairs: list[tuple[Vector, Vector]], size: int) -> Vector:
    """Nocedal & Wright's equations 6.17 and 7.20: the inverse Hessian that the pairs give."""
    step, change = pairs[-1]
    inverse: Vector = np.eye(size) * (step @ change) / (change @ change)
    for s, y in pairs:
        curvature = s @ y
        left = np.eye(size) - np.outer(s, y) / curvature
        inverse = left @ inverse @ left.T + np.outer(s, s) / curvature
    return inverse


def follow(gradient: Gradient, start: Vector, *, history: int, steps: int, rate: float) -> Vector:
    """Takes steps of a fixed length by dense matrices and holds each of the optimizer's to them."""
    optimizer, params, size = LBFGS(history_size=history), start.copy(), start.size
    optimizer.prepare(params)
    pairs: list[tuple[Vector, Vector]] = []
    last: tuple[Vector, Vector] | None = None
    for _ in range(steps):
        before, grads = params.copy(), gradient(params)
        if last is None:
            expected = -grads * min(1.0, 1.0 / np.abs(grads).sum())
        else:
            s, y = before - last[0], grads - last[1]
            pairs = [*pairs, (s, y)][-history:] if s @ y > 1e-10 else pairs
            expected = -(dense_inverse(pairs, size) @ grads if pairs else grads)
        optimizer.step(params, grads, rate)
        scale = np.abs(expected).max() * rate
        np.testing.assert_allclose(params - before, rate * expected, rtol=1e-7, atol=1e-9 * scale)
        last = before, grads
    return params


@pytest.mark.parametrize("history", [1, 2, 5, 100])
@pytest.mark.parametrize("rate", [0.1, 0.7])
def test_the_direction_is_that_of_the_dense_matrix(history: int, rate: float) -> None:
    hessian, minimum = valley(6)
    follow(lambda x: hessian @ (x - minimum), np.zeros(6), history=history, steps=12, rate=rate)


@pytest.mark.parametrize("history", [1, 3, 10])
def test_a_pair_of_negative_curvature_is_left_out(history: int) -> None:
    # A saddle shows both signs, and steps of a fixed length meet them in turn.
    hessian = np.diag([2.0, 1.0, -1.5])
    start = np.array([1.0, -1.0, 0.05])
    follow(lambda x: hessian @ x, start, history=history, steps=12, rate=0.3)


def test_all_pairs_of_a_quadratic_give_its_inverse_hessian() -> None:
    # With exact searches n steps of BFGS know a quadratic of n dimensions: the next is Newton's.
    hessian, minimum = valley(5, seed=3)
    x, optimizer = np.zeros(5), LBFGS(history_size=5)
    optimizer.prepare(x)
    for _ in range(5):
        grads, before = hessian @ (x - minimum), x.copy()
        optimizer.step(x, grads, 1.0)
        way = x - before
        x[:] = before + way * -(grads @ way) / (way @ hessian @ way)
        optimizer.state["last_step"][:] = x - before
    np.testing.assert_allclose(x, minimum, atol=1e-9)


@pytest.mark.parametrize(
    ("gradient", "rate", "expected"),
    [
        ([3.0, -4.0], 1.0, [-3 / 7, 4 / 7]),  # no parameter moves by more than 1 in all
        ([3.0, -4.0], 0.5, [-1.5 / 7, 2 / 7]),
        ([0.3, -0.4], 1.0, [-0.3, 0.4]),  # nor by more than the gradient
        ([3e30, -4e30], 1.0, [-3 / 7, 4 / 7]),
    ],
)
def test_the_length_of_the_first_step(
    gradient: list[float], rate: float, expected: list[float]
) -> None:
    params = np.zeros(2)
    optimizer = LBFGS()
    optimizer.prepare(params)
    optimizer.step(params, np.array(gradient), rate)
    np.testing.assert_allclose(params, expected, rtol=1e-14)

    slope = np.array(gradient)
    *_, tried = descend(
        lambda x: (float(x @ slope), slope), np.zeros(2), searches=1, learning_rate=rate
    )
    np.testing.assert_allclose(tried[0], expected, rtol=1e-14)


def rosenbrock(x: Vector) -> tuple[float, Vector]:
    a, b = 1 - x[:-1], x[1:] - x[:-1] ** 2
    gradient = np.zeros_like(x)
    gradient[:-1] = -2 * a - 400 * x[:-1] * b
    gradient[1:] += 200 * b
    return float((a**2 + 100 * b**2).sum()), gradient


def beale(x: Vector) -> tuple[float, Vector]:
    powers = x[1] ** np.arange(1, 4)
    rest = np.array([1.5, 2.25, 2.625]) - x[0] * (1 - powers)
    by_second = x[0] * np.arange(1, 4) * x[1] ** np.arange(3)
    return float(rest @ rest), 2 * np.array([rest @ (powers - 1), rest @ by_second])


def barrier(x: Vector) -> tuple[float, Vector]:
    """−Σ log(1 − x²) − x, which is nothing outside of the unit square."""
    if np.abs(x).max() >= 1:
        return float("nan"), np.full_like(x, np.nan)
    return float((-np.log(1 - x**2) - x).sum()), 2 * x / (1 - x**2) - 1


@pytest.mark.parametrize(
    ("function", "start", "minimum"),
    [
        (rosenbrock, [-1.2, 1.0], [1.0, 1.0]),
        (rosenbrock, [-1.2, 1.0, -0.5], [1.0] * 3),
        (beale, [1.0, 1.0], [3.0, 0.5]),
        (barrier, [-0.99, 0.9], [2**0.5 - 1] * 2),  # 2 x = 1 − x²
        (quadratic(*valley(8)), [0.0] * 8, valley(8)[1]),
    ],
)
@pytest.mark.parametrize("learning_rate", [0.01, 1.0, 30.0])
def test_a_published_minimum_is_found(
    function: Callable[[Vector], tuple[float, Vector]],
    start: list[float],
    minimum: list[float],
    learning_rate: float,
) -> None:
    place, values, tried = descend(
        function, np.array(start), searches=120, learning_rate=learning_rate
    )
    np.testing.assert_allclose(place, minimum, atol=1e-3)
    assert values[-1] - function(np.array(minimum))[0] < 1e-8
    assert (np.diff(values) <= 0).all()
    assert len(tried) < 1000


@pytest.mark.parametrize("gradient", [[0.0, 0.0], [1e-9, -1e-9]])
def test_at_a_minimum_nothing_changes_and_nothing_is_tried(gradient: list[float]) -> None:
    start = np.array([1.0, 2.0])
    place, _, tried = descend(lambda _: (3.0, np.array(gradient)), start, searches=5)
    np.testing.assert_array_equal(place, start)
    assert not tried


def test_steps_go_on_after_gradients_of_zero() -> None:
    params, optimizer = np.zeros(2), LBFGS()
    optimizer.prepare(params)
    for _ in range(3):
        optimizer.step(params, np.zeros(2), 1.0)
    assert params.tolist() == [0.0, 0.0]
    optimizer.step(params, np.array([0.25, -0.5]), 1.0)
    np.testing.assert_allclose(params, [-0.25, 0.5], rtol=1e-15)


def test_steps_to_the_same_gradient_teach_nothing() -> None:
    # On a slope without any curvature y is 0, so that each direction is the gradient's.
    params, optimizer = np.zeros(2), LBFGS()
    optimizer.prepare(params)
    for _ in range(4):
        optimizer.step(params, np.array([0.25, -0.5]), 1.0)
    np.testing.assert_allclose(params, [-1.0, 2.0], rtol=1e-15)


@pytest.mark.parametrize("history", [1, 3])
def test_no_more_pairs_are_kept_than_asked_for(history: int) -> None:
    hessian, minimum = valley(6)
    optimizer = LBFGS(history_size=history)
    descend(quadratic(hessian, minimum), np.zeros(6), searches=4, optimizer=optimizer)
    steps, changes = optimizer.state["steps"], optimizer.state["changes"]
    assert steps.shape == changes.shape == (history, 6)
    np.testing.assert_allclose(changes, steps @ hessian, rtol=1e-6, atol=1e-12)


def test_float32_finds_what_float32_can_tell_apart() -> None:
    hessian, minimum = valley(8, dtype="float32")
    place, values, tried = descend(
        quadratic(hessian, minimum), np.zeros(8, np.float32), searches=60
    )
    assert place.dtype == np.float32
    assert all(point.dtype == np.float32 for point in tried)
    np.testing.assert_allclose(place, minimum, atol=1e-3)
    assert (np.diff(values) <= 0).all()


def test_a_search_that_finds_nothing_leaves_the_parameters_alone() -> None:
    # Wherever it goes the loss is not a number.
    start = np.array([0.5, -0.5])

    def island(x: Vector) -> tuple[float, Vector]:
        home = bool((x == start).all())
        return (1.0 if home else float("nan")), np.array([1.0, -1.0])

    place, _, tried = descend(island, start, searches=3)
    np.testing.assert_array_equal(place, start)
    assert len(tried) <= 90


def data(name: str) -> tuple[Vector, Any]:
    """Returns one of scikit-learn's sets, its inputs standardized where they vary."""
    datasets = pytest.importorskip("sklearn.datasets")
    x, y = getattr(datasets, f"load_{name}")(return_X_y=True)
    return (x - x.mean(axis=0)) / np.maximum(x.std(axis=0), 1e-9), y


def learn(network: Network, x: Vector, y: Any, epochs: int, **settings: Any) -> list[EpochRecord]:
    settings = {"optimizer": LBFGS(), "learning_rate": 1.0, "batch_size": None, **settings}
    return list(fit(network, x, y, epochs=epochs, **settings))


def best_logistic(x: Vector, y: Any, l1: float, l2: float) -> float:
    """Returns the least penalized cross-entropy of a softmax regression, as SciPy finds it.

    Weights are written as a difference of two parts that are not negative, so that l1 is smooth.
    """
    optimize = pytest.importorskip("scipy.optimize")
    rows, (count, inputs), classes = np.arange(len(x)), x.shape, int(y.max()) + 1
    size = inputs * classes

    def objective(v: Vector) -> tuple[float, Vector]:
        plus, minus, bias = v[:size], v[size : 2 * size], v[2 * size :]
        kernel = plus - minus
        z = x @ kernel.reshape(inputs, classes) + bias
        z -= z.max(axis=1, keepdims=True)
        log_p = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
        grad = np.exp(log_p)
        grad[rows, y] -= 1
        by_kernel = (x.T @ grad).ravel() / count + 2 * l2 * kernel
        value = -log_p[rows, y].mean() + l1 * v[: 2 * size].sum() + l2 * kernel @ kernel
        return float(value), np.concatenate([by_kernel + l1, -by_kernel + l1, grad.mean(axis=0)])

    found = optimize.minimize(
        objective, np.zeros(2 * size + classes), jac=True, method="L-BFGS-B",
        bounds=[(0, None)] * (2 * size) + [(None, None)] * classes,
        options={"maxiter": 5000, "maxfun": 9999, "ftol": 1e-15, "gtol": 1e-9},
    )  # fmt: skip
    return float(found.fun)


@pytest.mark.parametrize(("dtype", "close"), [("float64", 1e-8), ("float32", 1e-5)])
@pytest.mark.parametrize("l2", [1e-3, 1e-1])
def test_a_softmax_regression_comes_to_its_optimum(dtype: str, close: float, l2: float) -> None:
    x, y = data("iris")
    network, penalty = Network(4, [], 3, loss="cross_entropy", dtype=dtype), Penalty(l2=l2)
    learn(network, x, y, 100, penalty=penalty)
    reached = evaluate(network, x, y)[0] + penalty.value(network)
    assert reached == pytest.approx(best_logistic(x, y, 0.0, l2), abs=close)


@pytest.mark.parametrize("seed", [0, 2, 3])
def test_pairs_that_lead_nowhere_are_not_the_end(seed: int) -> None:
    # The kinks of l1 spoil the estimate of the curvature. Where a search along it finds nothing,
    # the gradient itself is to be tried, or all later epochs are lost.
    x, y = data("iris")
    network = Network(4, [], 3, loss="cross_entropy", seed=seed, dtype="float64")
    penalty = Penalty(l1=0.01)
    learn(network, x, y, 200, penalty=penalty)
    reached = evaluate(network, x, y)[0] + penalty.value(network)
    assert reached == pytest.approx(best_logistic(x, y, 0.01, 0.0), abs=3e-3)


@pytest.mark.parametrize("batch_norm", [False, True])
@pytest.mark.parametrize("activation", ["relu", "tanh"])
def test_the_penalized_loss_falls_every_epoch(activation: str, batch_norm: bool) -> None:
    x, y = data("iris")
    network = Network(
        4, [12], 3, activation=activation, loss="cross_entropy", batch_norm=batch_norm,
        dtype="float64",
    )  # fmt: skip
    penalty, sums, penalties = Penalty(l2=1e-2), [], [Penalty(l2=1e-2).value(network)]
    for record in fit(
        network, x, y, optimizer=LBFGS(), learning_rate=1.0, epochs=40, batch_size=None,
        penalty=penalty, measure_before=True,
    ):  # fmt: skip
        sums.append(record.scores["loss"] + penalties[-1])  # both before the epoch's step
        penalties.append(penalty.value(network))
    assert (np.diff(sums) < 0).all()
    assert sums[-1] < 0.6 * sums[0]


def test_what_was_only_tried_leaves_no_trace_in_batch_norm() -> None:
    x, y = np.random.default_rng(5).normal(size=(2, 30, 3))
    network = Network(3, [4], 3, batch_norm=True, activation="tanh", dtype="float64")
    mean, variance = np.zeros(4), np.ones(4)
    training = fit(network, x, y, optimizer=LBFGS(), learning_rate=50.0, batch_size=None, epochs=8)
    for _ in range(8):
        z = x @ network.params["dense_1.kernel"]
        mean = 0.9 * mean + 0.1 * z.mean(axis=0)
        variance = 0.9 * variance + 0.1 * z.var(axis=0, ddof=1)
        next(training)
        noted = network.statistics
        np.testing.assert_allclose(noted["batch_norm_1.moving_mean"], mean, rtol=1e-9, atol=1e-12)
        np.testing.assert_allclose(noted["batch_norm_1.moving_variance"], variance, rtol=1e-9)


def test_batches_of_some_rows_are_refused() -> None:
    network, x = Network(2, [3], 1), np.ones((10, 2))
    before = network.params.flat.copy()
    with pytest.raises(ValueError, match=r"`batch_size` must be None for LBFGS; got 9"):
        learn(network, x, np.ones((10, 1)), 1, batch_size=9)
    np.testing.assert_array_equal(network.params.flat, before)
    assert len(learn(network, x, np.ones((10, 1)), 1, batch_size=10)) == 1


@pytest.mark.parametrize("scale", [1e-3, 1e3, 1e6])
def test_targets_of_any_size_are_met(scale: float) -> None:
    x = np.random.default_rng(1).normal(size=(40, 3))
    y = scale * (x @ np.array([[1.0], [-2.0], [3.0]]) + 0.5)
    network = Network(3, [], 1, dtype="float64")
    learn(network, x, y, 50)
    np.testing.assert_allclose(network.predict(x), y, atol=0.05 * scale)


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
@pytest.mark.parametrize("name", ["iris", "digits"])
def test_it_reaches_what_scikit_learns_lbfgs_reaches(name: str) -> None:
    networks = pytest.importorskip("sklearn.neural_network")
    x, y = data(name)
    order, epochs, l2 = np.random.default_rng(0).permutation(len(x)), 60, 1e-3
    train, test = order[len(x) // 4 :], order[: len(x) // 4]
    # Its penalty is alpha / 2 / rows.
    twin = networks.MLPClassifier(
        (16,), activation="tanh", solver="lbfgs", alpha=2 * l2 * len(train), max_iter=epochs,
        random_state=0,
    ).fit(x[train], y[train])  # fmt: skip
    network = Network(x.shape[1], [16], int(y.max()) + 1, activation="tanh", loss="cross_entropy")
    penalty = Penalty(l2=l2)
    learn(network, x[train], y[train], epochs, penalty=penalty)
    reached = evaluate(network, x[train], y[train])[0] + penalty.value(network)
    assert reached < 1.1 * twin.loss_ + 0.01
    assert evaluate(network, x[test], y[test])[1] > twin.score(x[test], y[test]) - 0.04


def test_a_training_ends_where_nothing_better_is_found() -> None:
    # A line through two points: the loss is 0 after a few steps, and nothing is below that.
    rows = np.array([[0.0], [1.0]])
    network = Network(1, [], 1, loss="mean_squared_error", dtype="float64", seed=1)
    optimizer = LBFGS()
    training = fit(
        network,
        rows,
        3 * rows + 1,
        optimizer=optimizer,
        learning_rate=1,
        epochs=500,
        batch_size=None,
    )
    records = list(training)
    assert optimizer.finished
    assert len(records) < 100
    assert records[-1].scores["loss"] < 1e-20


def test_what_is_restored_goes_on_to_the_same_bits() -> None:
    hessian, minimum = valley(6)
    one, other = LBFGS(history_size=3), LBFGS(history_size=3)
    params = np.zeros(6)
    one.prepare(params)
    for _ in range(7):
        one.step(params, hessian @ (params - minimum), 0.5)
    copy = params.copy()
    other.prepare(copy)
    other.restore(one.snapshot())
    for _ in range(5):
        one.step(params, hessian @ (params - minimum), 0.5)
        other.step(copy, hessian @ (copy - minimum), 0.5)
    assert copy.tobytes() == params.tobytes()
