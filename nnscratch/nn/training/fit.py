"""Training as a generator: `fit` yields a record after each epoch, and the caller does the rest.

Whoever iterates logs, saves, draws, or stops by leaving the loop.
"""

from collections.abc import Iterator, Mapping
from time import perf_counter
from typing import TYPE_CHECKING, NamedTuple

from numpy.typing import ArrayLike

from nnscratch.nn.evaluation import evaluate_examples
from nnscratch.nn.examples import Examples, Transform
from nnscratch.nn.metrics import Metric, default_metric
from nnscratch.nn.network import Network
from nnscratch.nn.optimizers.base import Optimizer
from nnscratch.nn.optimizers.lbfgs import LBFGS
from nnscratch.nn.randomness import Purpose, generator
from nnscratch.nn.registry import Spec, create
from nnscratch.nn.training.averaging import Average
from nnscratch.nn.training.penalties import Penalty
from nnscratch.nn.training.step import Batch, TrainingStep, is_finite, plan_rate

if TYPE_CHECKING:
    from nnscratch.nn.training.schedules import Schedule


class EpochRecord(NamedTuple):
    """What one epoch came to."""

    epoch: int
    """Counted from 1."""
    scores: dict[str, float]
    """`loss` and the metric over the epoch's batches, each taken before its update; with
    validation or test data also `val_loss`, `test_loss` and so on, taken after the last update."""
    learning_rate: float
    """Of the epoch's last step."""
    seconds: float
    """The duration of this epoch."""


def fit(
    network: Network,
    inputs: ArrayLike,
    targets: ArrayLike,
    *,
    optimizer: Optimizer,
    learning_rate: float = 0.001,
    schedule: "Spec | Schedule" = "constant",
    epochs: int = 20,
    batch_size: int | None = 32,
    validation: tuple[ArrayLike, ArrayLike] | None = None,
    test: tuple[ArrayLike, ArrayLike] | None = None,
    validate_every: int = 1,
    transform: Transform | None = None,
    penalty: Penalty | None = None,
    clip_norm: float | None = None,
    max_norm: float | None = None,
    average: Average | None = None,
    metric: Metric | None = None,
    seed: int = 42,
    after: int = 0,
) -> Iterator[EpochRecord]:
    """Trains `network` in place and yields an `EpochRecord` after each epoch.

    Args:
        network: What to train.
        inputs: (rows, inputs); or what `transform` takes, (rows, columns).
        targets: As the network's loss takes them: numbers (rows, outputs), or class indices
            (rows,) for cross_entropy.
        optimizer: Forgets what it knew before, as `schedule` and `average` do.
        learning_rate: η, above 0; for lbfgs the length that its line search tries first, best 1.
        schedule: What becomes of η in the course of the training: a name in `SCHEDULES`, a mapping
            with its arguments or an object.
        epochs: Passes over the data; LBFGS ends earlier where it finds nothing better.
        batch_size: Rows in a step, drawn without replacement in an order of each epoch's own;
            None is all rows, in their own order.
        validation: Inputs and targets to evaluate on after the epochs.
        test: The same, for the record only; nothing should be chosen by what it gives.
        validate_every: Evaluation is after so many epochs each, after the first and after `epochs`.
        transform: Turns rows of all these inputs into (rows, inputs) of the network's dtype, some
            at a time, so that bytes need not become floating-point numbers all at once.
        penalty: Made small together with the loss; the losses reported are without it.
        clip_norm: c: where the norm of the gradient g of a step is above c, g becomes g c / ‖g‖.
            Pascanu, Mikolov and Bengio 2013.
        max_norm: No unit's incoming weights are longer than this after a step; see `bound_norms`.
        average: Has the network hold the average of its weights after each epoch; training goes on
            with the weights themselves.
        metric: Reported beside the loss; by default accuracy or mean absolute error.
        seed: Of the order of the rows, and of dropout.
        after: How many of the epochs are done already: where it is not 0, nothing is forgotten, and
            all goes on from the state that it is in, as if it had never stopped.

    A step over many rows adds up its gradient piece by piece, so its memory is bounded, unless
    batch normalization needs them all at once. An epoch that is not finished, whatever ends it,
    leaves the weights, the optimizer and the average as they were before it.

    Raises:
        ValueError: At once, not with the first epoch: the shapes of inputs and targets do not fit
            the network or each other, a number is below 1, batch_size does not fit the optimizer
            or batch normalization, or LBFGS is to work with what would mislead its line search.
        DivergedError: The loss, the gradient or a parameter is not finite.
    """
    examples = Examples(network, inputs, targets, transform)
    _check(network, len(examples), optimizer, epochs, batch_size, validate_every, after)
    parts = {"val": validation, "test": test}
    held_out = {k: Examples(network, *part, transform) for k, part in parts.items() if part}
    plan = create_schedule(schedule)
    if isinstance(optimizer, LBFGS) and (plan or clip_norm or max_norm or network.draws):
        raise ValueError("LBFGS takes no schedule, clip_norm, max_norm or dropout.")
    step = TrainingStep(
        network=network,
        examples=examples,
        optimizer=optimizer,
        rate=plan_rate(learning_rate, plan, len(examples), batch_size, epochs),
        metric=metric or default_metric(network.loss),
        penalty=penalty or Penalty(),
        clip_norm=clip_norm,
        max_norm=max_norm,
        average=average,
    )
    if not after:
        _forget(step, plan)
    remaining = range(after + 1, epochs + 1)
    return _run_epochs(step, plan, remaining, batch_size, seed, held_out, validate_every)


def _forget(step: TrainingStep, plan: "Schedule | None") -> None:
    """Has all that learns from step to step begin anew."""
    step.optimizer.prepare(step.network.params.flat)
    if step.average:
        step.average.prepare(step.network.weights)
    if plan:
        plan.prepare()


def _run_epochs(
    step: TrainingStep,
    plan: "Schedule | None",
    epochs: range,
    batch_size: int | None,
    seed: int,
    held_out: Mapping[str, Examples],
    validate_every: int,
) -> Iterator[EpochRecord]:
    """Trains for each of the epochs, unless the optimizer finds nothing better any more."""
    for epoch in epochs:
        if step.optimizer.finished:
            return
        started = perf_counter()
        step.network.start_epoch(seed, epoch)
        batches = _batches(len(step.examples), batch_size, seed, epoch)
        evaluated = epoch in (1, epochs.stop - 1) or epoch % validate_every == 0
        scores = _complete_epoch(step, batches, epoch, held_out if evaluated else {})
        rate = step.rate(step.optimizer.steps - 1)
        if plan:
            plan.observe(epoch, scores)
        yield EpochRecord(epoch, scores, rate, perf_counter() - started)


def _complete_epoch(
    step: TrainingStep, batches: Iterator[Batch], epoch: int, held_out: Mapping[str, Examples]
) -> dict[str, float]:
    """Trains for an epoch and returns its figures; or leaves all as it was before it."""
    weights = step.network.weights
    learners = [step.optimizer, *([step.average] if step.average else [])]
    before, states = weights.copy(), [learner.snapshot() for learner in learners]
    try:
        return attempt_epoch(step, batches, epoch, held_out)
    except BaseException:
        weights[:] = before
        for learner, state in zip(learners, states, strict=True):
            learner.restore(state)
        raise


def attempt_epoch(
    step: TrainingStep, batches: Iterator[Batch], epoch: int, held_out: Mapping[str, Examples]
) -> dict[str, float]:
    """Trains for an epoch and returns its figures; an exception leaves it half done."""
    network, average, metric = step.network, step.average, step.metric
    if average:
        average.take_off(network.weights)
    scores = train_epoch(step, batches, epoch)
    if average:
        average.put_on(network.weights)
    for name, part in held_out.items():
        loss, score = evaluate_examples(network, part, metric)
        scores |= {f"{name}_loss": loss, f"{name}_{metric.name}": score}
    return scores


def train_epoch(step: TrainingStep, batches: Iterator[Batch], epoch: int) -> dict[str, float]:
    """Takes a step for each batch and returns the means of loss and metric over all rows."""
    total_loss, total_score, total_rows = 0.0, 0.0, len(step.examples)
    for batch in batches:
        loss, score = step.take(batch, epoch)
        rows = total_rows if batch is None else len(batch)
        total_loss += rows * loss
        total_score += rows * score
    if not is_finite(step.network.params.flat):
        raise step.diverged(None, epoch, step.optimizer.steps, total_loss / total_rows)
    return {"loss": total_loss / total_rows, step.metric.name: total_score / total_rows}


def _batches(rows: int, batch_size: int | None, seed: int, epoch: int) -> Iterator[Batch]:
    """Yields the indices of each batch's rows in the epoch's own order; None is all rows."""
    if batch_size is None or batch_size >= rows:
        yield None
        return
    order = generator(seed, Purpose.SHUFFLE, epoch).permutation(rows)
    for start in range(0, rows, batch_size):
        yield order[start : start + batch_size]


def create_schedule(spec: "Spec | Schedule") -> "Schedule | None":
    """Returns the schedule that is described; None for a rate that never changes."""
    if spec in ("constant", {"name": "constant", "warmup_epochs": 0.0}):
        return None
    # Most trainings have no schedule and start faster without the definitions of all of them.
    from nnscratch.nn.training.schedules import SCHEDULES

    return create(SCHEDULES, spec)


def _check(
    network: Network,
    rows: int,
    optimizer: Optimizer,
    epochs: int,
    batch_size: int | None,
    validate_every: int,
    after: int,
) -> None:
    """Raises ValueError for what cannot be trained."""
    if after < 0 or (after and not hasattr(optimizer, "steps")):
        raise ValueError(f"`after` must be epochs that the optimizer has trained; got {after}.")
    given = {"epochs": epochs, "batch_size": batch_size, "validate_every": validate_every}
    for name, value in given.items():
        if value is not None and value < 1:
            raise ValueError(f"`{name}` must be at least 1; got {value}.")
    size = rows if batch_size is None else min(batch_size, rows)
    if optimizer.full_batch and size < rows:
        raise ValueError(f"`batch_size` must be None for {type(optimizer).__name__}; got {size}.")
    if network.mixes_rows and (size == 1 or rows % size == 1):
        raise ValueError(f"`batch_size` {size} makes a batch of one row, which has no variance.")
