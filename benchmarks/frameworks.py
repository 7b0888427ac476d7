"""The same training in PyTorch, scikit-learn, JAX and Keras, as their users would write it.

None of them is a dependency: each is imported by its name when it is wanted.
"""

from collections.abc import Callable
from functools import partial
from importlib import import_module
from time import perf_counter
from typing import Any, NamedTuple

import numpy as np

from benchmarks.workloads import Case, Problem

# Of Adam: how fast the averages of gradients and of their squares forget, and what keeps the
# quotient finite; as every library has them.
BETA_1, BETA_2, EPSILON = 0.9, 0.999, 1e-8


class Lap(NamedTuple):
    """What one turn came to: its seconds, and the last epoch's loss where there is one."""

    seconds: float
    loss: float | None


Turn = Callable[[], Lap]


def train_in_torch(case: Case, problem: Problem) -> Turn:
    """Trains in PyTorch's eager mode; loss and accuracy are read once an epoch."""
    torch: Any = import_module("torch")
    inputs, targets = torch.from_numpy(problem.inputs), torch.from_numpy(problem.targets)
    network = _torch_network(case, problem)
    two_classes = targets.ndim == 2
    criterion = torch.nn.BCEWithLogitsLoss() if two_classes else torch.nn.CrossEntropyLoss()
    kind = torch.optim.Adam if case.optimizer == "adam" else torch.optim.SGD
    optimizer = kind(network.parameters(), lr=case.rate)

    def step(x: Any, y: Any) -> tuple[Any, Any]:
        optimizer.zero_grad()
        logits = network(x)
        loss = criterion(logits, y)
        loss.backward()
        optimizer.step()
        right = (logits > 0) == y if two_classes else logits.argmax(1) == y
        return loss.detach() * len(x), right.sum()

    def epoch() -> float:
        if case.batch is None:
            loss, right = step(inputs, targets)
        else:
            loss, right = torch.zeros(()), torch.zeros((), dtype=torch.int64)
            for rows in torch.randperm(len(inputs)).split(case.batch):
                scores = step(inputs[rows], targets[rows])
                loss += scores[0]
                right += scores[1]
        right.item()
        return float(loss.item()) / len(inputs)

    return _timed(case, epoch)


def _torch_network(case: Case, problem: Problem) -> Any:
    """Returns the network with the weights that nnscratch's begins with."""
    torch: Any = import_module("torch")
    activation = torch.nn.Sigmoid if case.dataset == "xor" else torch.nn.ReLU
    layers: list[Any] = []
    for kernel, bias in problem.layers:
        layer = torch.nn.Linear(*kernel.shape)
        with torch.no_grad():
            layer.weight.copy_(torch.from_numpy(kernel.T))
            layer.bias.copy_(torch.from_numpy(bias))
        layers += [layer, activation()]
    return torch.nn.Sequential(*layers[:-1])


def train_in_sklearn(case: Case, problem: Problem) -> Turn:
    """Trains scikit-learn's MLPClassifier, one `partial_fit` an epoch, from weights of its own."""
    from sklearn.neural_network import MLPClassifier

    model = MLPClassifier(
        case.hidden,
        solver=case.optimizer,
        alpha=0.0,
        batch_size=case.batch,
        learning_rate_init=case.rate,
        momentum=0.0,
        nesterovs_momentum=False,
        random_state=0,
    )
    classes = np.unique(problem.targets)

    def epoch() -> float:
        model.partial_fit(problem.inputs, problem.targets, classes=classes)
        return float(model.loss_)

    return _timed(case, epoch)


def train_in_keras(case: Case, problem: Problem) -> Turn:
    """Trains with Keras's `fit`, on whatever it is set up to compute with."""
    keras: Any = import_module("keras")
    hidden = [keras.layers.Dense(units, activation="relu") for units in case.hidden]
    network = keras.Sequential(
        [keras.Input((case.sizes[0],)), *hidden, keras.layers.Dense(case.sizes[-1])]
    )
    network.set_weights([array for layer in problem.layers for array in layer])
    kind = keras.optimizers.Adam if case.optimizer == "adam" else keras.optimizers.SGD
    network.compile(
        optimizer=kind(case.rate),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )

    def epoch() -> float:
        told = network.fit(problem.inputs, problem.targets, batch_size=case.batch, verbose=0)
        return float(told.history["loss"][-1])

    return _timed(case, epoch)


def train_in_jax(case: Case, problem: Problem) -> Turn:
    """Trains in JAX, an epoch being one compiled function with its steps in one scan."""
    jax: Any = import_module("jax")
    inputs, targets = jax.device_put((problem.inputs, problem.targets))
    layers = jax.device_put(problem.layers)
    zeros = jax.tree.map(jax.numpy.zeros_like, layers)
    state = (layers, zeros, jax.tree.map(jax.numpy.copy, zeros), jax.numpy.zeros(()))
    compiled = jax.jit(partial(_jax_epoch, case), donate_argnums=0)
    key, done = jax.random.key(0), 0

    def epoch() -> float:
        nonlocal state, done
        done += 1
        state, scores = compiled(state, jax.random.fold_in(key, done), inputs, targets)
        loss, _right = np.asarray(scores).tolist()
        return float(loss) / len(inputs)

    return _timed(case, epoch)


def _jax_epoch(case: Case, state: Any, key: Any, inputs: Any, targets: Any) -> Any:
    """Returns the state after an epoch, and the sums of loss and right answers."""
    jax: Any = import_module("jax")

    def step(state: Any, rows: Any) -> Any:
        return _jax_step(case, state, inputs[rows], targets[rows])

    if case.batch is None:
        return _jax_step(case, state, inputs, targets)
    order = jax.random.permutation(key, len(inputs))
    end = len(inputs) - len(inputs) % case.batch
    state, scores = jax.lax.scan(step, state, order[:end].reshape(-1, case.batch))
    total = scores.sum(axis=0)
    if end < len(inputs):
        state, last = step(state, order[end:])
        total += last
    return state, total


def _jax_step(case: Case, state: Any, x: Any, y: Any) -> Any:
    """Returns the state after a step, and the sums of loss and right answers over its rows."""
    jax: Any = import_module("jax")
    layers, mean, square, count = state
    (loss, right), gradient = jax.value_and_grad(_jax_loss, has_aux=True)(layers, x, y)
    count += 1
    if case.optimizer == "sgd":
        layers = jax.tree.map(lambda w, g: w - case.rate * g, layers, gradient)
    else:
        mean = jax.tree.map(lambda m, g: BETA_1 * m + (1 - BETA_1) * g, mean, gradient)
        square = jax.tree.map(lambda v, g: BETA_2 * v + (1 - BETA_2) * g * g, square, gradient)
        rate, scale = case.rate / (1 - BETA_1**count), 1 / (1 - BETA_2**count)
        layers = jax.tree.map(
            lambda w, m, v: w - rate * m / (jax.numpy.sqrt(scale * v) + EPSILON),
            *(layers, mean, square),
        )
    return (layers, mean, square, count), jax.numpy.stack([loss * len(x), right])


def _jax_loss(layers: Any, x: Any, y: Any) -> Any:
    """Returns the mean loss and the number of right answers; y of two dimensions is XOR's."""
    jax: Any = import_module("jax")
    two_classes = y.ndim == 2
    for kernel, bias in layers[:-1]:
        z = x @ kernel + bias
        x = jax.nn.sigmoid(z) if two_classes else jax.nn.relu(z)
    logits = x @ layers[-1][0] + layers[-1][1]
    if two_classes:
        losses, right = jax.nn.softplus(logits) - y * logits, (logits > 0) == y
    else:
        chosen = jax.numpy.take_along_axis(logits, y[:, None], axis=1)
        losses = jax.nn.logsumexp(logits, axis=1, keepdims=True) - chosen
        right = logits.argmax(axis=1) == y
    return losses.mean(), right.sum()


def _timed(case: Case, epoch: Callable[[], float]) -> Turn:
    """Returns a turn that times a case's epochs as a whole."""

    def turn() -> Lap:
        started = perf_counter()
        for _ in range(case.epochs):
            loss = epoch()
        return Lap(perf_counter() - started, loss)

    return turn
