"""The same training run in PyTorch, scikit-learn, JAX and Keras, as their users would write it.

None of them is a dependency: each is imported only when it is used.
"""

from collections.abc import Callable
from functools import partial
from importlib import import_module
from time import perf_counter
from typing import Any, NamedTuple

import numpy as np

from benchmarks.workloads import Case, StartingPoint

# Adam's decay rates and ε, with the defaults of every library.
BETA_1 = 0.9
BETA_2 = 0.999
EPSILON = 1e-8


class Lap(NamedTuple):
    """The result of one turn: its seconds, and the loss of the last epoch if there is one."""

    seconds: float
    loss: float | None


Turn = Callable[[], Lap]


def train_in_torch(case: Case, start: StartingPoint) -> Turn:
    """Trains in PyTorch's eager mode; loss and accuracy are read once per epoch."""
    torch: Any = import_module("torch")
    inputs, targets = torch.from_numpy(start.inputs), torch.from_numpy(start.targets)
    network = _torch_network(case, start)
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
        correct = (logits > 0) == y if two_classes else logits.argmax(1) == y
        return loss.detach() * len(x), correct.sum()

    def epoch() -> float:
        if case.batch is None:
            loss, correct = step(inputs, targets)
        else:
            loss, correct = torch.zeros(()), torch.zeros((), dtype=torch.int64)
            for rows in torch.randperm(len(inputs)).split(case.batch):
                scores = step(inputs[rows], targets[rows])
                loss += scores[0]
                correct += scores[1]
        correct.item()
        return float(loss.item()) / len(inputs)

    return _timed(case, epoch)


def _torch_network(case: Case, start: StartingPoint) -> Any:
    """Returns the network with the initial weights of nnscratch's."""
    torch: Any = import_module("torch")
    activation = torch.nn.Sigmoid if case.dataset == "xor" else torch.nn.ReLU
    layers: list[Any] = []
    for kernel, bias in start.layers:
        layer = torch.nn.Linear(*kernel.shape)
        with torch.no_grad():
            layer.weight.copy_(torch.from_numpy(kernel.T))
            layer.bias.copy_(torch.from_numpy(bias))
        layers += [layer, activation()]
    return torch.nn.Sequential(*layers[:-1])


def train_in_sklearn(case: Case, start: StartingPoint) -> Turn:
    """Trains scikit-learn's MLPClassifier, one `partial_fit` per epoch, from its own weights."""
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
    classes = np.unique(start.targets)

    def epoch() -> float:
        model.partial_fit(start.inputs, start.targets, classes=classes)
        return float(model.loss_)

    return _timed(case, epoch)


def train_in_keras(case: Case, start: StartingPoint) -> Turn:
    """Trains with Keras's `fit`, on the backend that Keras is configured to use."""
    keras: Any = import_module("keras")
    hidden = [keras.layers.Dense(units, activation="relu") for units in case.hidden]
    network = keras.Sequential(
        [keras.Input((case.sizes[0],)), *hidden, keras.layers.Dense(case.sizes[-1])]
    )
    network.set_weights([array for layer in start.layers for array in layer])
    kind = keras.optimizers.Adam if case.optimizer == "adam" else keras.optimizers.SGD
    network.compile(
        optimizer=kind(case.rate),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )

    def epoch() -> float:
        history = network.fit(start.inputs, start.targets, batch_size=case.batch, verbose=0)
        return float(history.history["loss"][-1])

    return _timed(case, epoch)


def train_in_jax(case: Case, start: StartingPoint) -> Turn:
    """Trains in JAX; an epoch is one compiled function that scans over its steps."""
    jax: Any = import_module("jax")
    inputs, targets = jax.device_put((start.inputs, start.targets))
    layers = jax.device_put(start.layers)
    zeros = jax.tree.map(jax.numpy.zeros_like, layers)
    state = (layers, zeros, jax.tree.map(jax.numpy.copy, zeros), jax.numpy.zeros(()))
    compiled = jax.jit(partial(_jax_epoch, case), donate_argnums=0)
    key, done = jax.random.key(0), 0

    def epoch() -> float:
        nonlocal state, done
        done += 1
        state, scores = compiled(state, jax.random.fold_in(key, done), inputs, targets)
        loss, _correct = np.asarray(scores).tolist()
        return float(loss) / len(inputs)

    return _timed(case, epoch)


def _jax_epoch(case: Case, state: Any, key: Any, inputs: Any, targets: Any) -> Any:
    """Returns the state after an epoch, and the sums of the losses and of correct predictions."""
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
    """Returns the state after a step, and its sums of losses and of correct predictions."""
    jax: Any = import_module("jax")
    layers, mean, square, count = state
    (loss, correct), gradient = jax.value_and_grad(_jax_loss, has_aux=True)(layers, x, y)
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
    return (layers, mean, square, count), jax.numpy.stack([loss * len(x), correct])


def _jax_loss(layers: Any, x: Any, y: Any) -> Any:
    """Returns the mean loss and the number of correct predictions; only XOR's y is a matrix."""
    jax: Any = import_module("jax")
    two_classes = y.ndim == 2
    for kernel, bias in layers[:-1]:
        z = x @ kernel + bias
        x = jax.nn.sigmoid(z) if two_classes else jax.nn.relu(z)
    logits = x @ layers[-1][0] + layers[-1][1]
    if two_classes:
        losses, correct = jax.nn.softplus(logits) - y * logits, (logits > 0) == y
    else:
        chosen = jax.numpy.take_along_axis(logits, y[:, None], axis=1)
        losses = jax.nn.logsumexp(logits, axis=1, keepdims=True) - chosen
        correct = logits.argmax(axis=1) == y
    return losses.mean(), correct.sum()


def _timed(case: Case, epoch: Callable[[], float]) -> Turn:
    """Returns a turn that times a case's epochs as a whole."""

    def turn() -> Lap:
        started = perf_counter()
        for _ in range(case.epochs):
            loss = epoch()
        return Lap(perf_counter() - started, loss)

    return turn
