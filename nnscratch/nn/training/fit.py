"""Training as a generator: `fit` yields a record after each epoch, and the caller does the rest.

The caller logs, saves, draws, or stops by leaving the loop.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING

from numpy.typing import ArrayLike

from nnscratch.nn.examples import Examples, Part, Transform
from nnscratch.nn.metrics import Metric, default_metric
from nnscratch.nn.network import Network
from nnscratch.nn.optimizers.base import Optimizer
from nnscratch.nn.registry import Spec
from nnscratch.nn.training.averaging import Average
from nnscratch.nn.training.by_name import create_optimizer, create_schedule
from nnscratch.nn.training.early_stopping import EarlyStopping
from nnscratch.nn.training.epoch import EpochRecord, Order, Rollback, draw_batches, train_epoch
from nnscratch.nn.training.held_out import HeldOut
from nnscratch.nn.training.interruption import Interruption
from nnscratch.nn.training.keep_best import KeepBest
from nnscratch.nn.training.penalties import Penalty
from nnscratch.nn.training.rate_factors import RateFactors
from nnscratch.nn.training.step import TrainingStep, plan_rate

if TYPE_CHECKING:
    from nnscratch.nn.training.schedules import Schedule


def fit(
    network: Network,
    inputs: ArrayLike,
    targets: ArrayLike,
    *,
    optimizer: Spec | Optimizer,
    learning_rate: float | None = None,
    schedule: "Spec | Schedule" = "constant",
    epochs: int = 20,
    batch_size: int | None = 32,
    weights: ArrayLike | None = None,
    validation: Part | None = None,
    test: Part | None = None,
    validate_every: int = 1,
    transform: Transform | None = None,
    penalty: Penalty | None = None,
    clip_norm: float | None = None,
    max_norm: float | None = None,
    average: Average | None = None,
    rate_factors: RateFactors | None = None,
    early_stopping: EarlyStopping | None = None,
    keep_best: KeepBest | None = None,
    interruption: Interruption | None = None,
    metric: Metric | None = None,
    measure_before: bool = False,
    calibrate: bool = False,
    order: Order | None = None,
    seed: int = 42,
    after: int = 0,
) -> Iterator[EpochRecord]:
    """Trains `network` in place and yields an `EpochRecord` after each epoch.

    Args:
        network: What to train.
        inputs: (rows, inputs); or what `transform` takes, (rows, columns).
        targets: As the network's loss takes them: numbers (rows, outputs), or class indices
            (rows,) for cross_entropy.
        optimizer: A name in `OPTIMIZERS`, a mapping with its arguments or an object, which begins
            without memory, like everything that changes from step to step.
        learning_rate: η, above 0; the optimizer's own default unless given.
        schedule: How η changes in the course of training: a name in `SCHEDULES`, a mapping
            with its arguments or an object.
        epochs: Passes over the data; a line search that finds nothing better ends them earlier.
        batch_size: Rows in a step, drawn without replacement in an order of each epoch's own;
            None is all rows, in their own order.
        weights: How much each row counts (rows,), at least 0, so that the loss of a batch is
            Σ w l / Σ w; all count the same unless given.
        validation: Inputs, targets and perhaps weights to evaluate on after the epochs.
        test: The same, for the record only; nothing should be chosen by its figures.
        validate_every: Evaluates after every n-th epoch, after the first and after `epochs`.
        transform: Turns rows of all these inputs into (rows, inputs) of the network's dtype, some
            at a time, so that bytes need not become floating-point numbers all at once.
        penalty: Added to the loss that is minimized; of what is reported see `Penalty`.
        clip_norm: c: where the norm of the gradient g of a step is above c, g becomes g c / ‖g‖.
            Pascanu, Mikolov and Bengio 2013.
        max_norm: No unit's incoming weights are longer than this after a step; see `bound_norms`.
        average: Has the network hold the average of its weights after each epoch; training goes on
            with the weights themselves.
        rate_factors: Factors of η for kinds of parameters.
        early_stopping: Ends the training once its figure has not improved for some epochs.
        keep_best: Gives the network the weights of its best epoch when there is no further one. A
            caller that leaves the loop earlier has those of the last; `keep_best.install(network)`.
        interruption: Lets a signal handler end an epoch with a KeyboardInterrupt, and its deadline
            with a TimeUpError.
        metric: Reported beside the loss; by default accuracy or mean absolute error.
        measure_before: Whether `loss` and the metric are always those before the step; see below.
        calibrate: Whether `val_calibrated_loss` is measured beside `val_loss`: that of the logits
            divided by the temperature that suits the validation rows, see `find_temperature`.
            `keep_best` then keeps calibrated weights and passes over epochs without validation.
        order: The order of the rows in each epoch; a random one unless given.
        seed: Seed for the order of the rows and for dropout.
        after: How many of the epochs are done already: where it is not 0, nothing is forgotten, and
            training goes on from the present state as if it had never stopped.

    `loss` and the metric are the means over the batches, each measured before its step, so they lag
    behind those of `validation`. Where a batch is all rows they are those after the step, for one
    pass more in all, since each next step needs that pass: unless there is dropout, batch
    normalization, or an average, or a figure of the training rows decides when to stop or how the
    rate falls.

    A step over many rows adds up its gradient piece by piece, so its memory is bounded, unless
    batch normalization needs them all at once. An epoch that is not finished, whatever ends it,
    leaves the weights, the optimizer and the average as they were before it.

    Raises:
        ValueError: At once, not with the first epoch: the shapes of inputs and targets do not fit
            the network or each other, a number is below 1, batch_size does not fit the optimizer
            or batch normalization, a figure to watch is not measured, or something would mislead
            the optimizer's line search.
        DivergedError: The loss, the gradient or a parameter is not finite.
        TimeUpError: In an epoch, after the interruption's deadline.
    """
    examples = Examples(network, inputs, targets, transform, weights)
    held_out = HeldOut(network, {"val": validation, "test": test}, transform, calibrate=calibrate)
    plan = create_schedule(schedule)
    optimizer = create_optimizer(optimizer)
    size = optimizer.default_learning_rate if learning_rate is None else learning_rate
    rate = plan_rate(size, plan, len(examples), batch_size, epochs)
    metric = metric or default_metric(network.loss)
    penalty = penalty or Penalty()
    needed = network, examples, optimizer, rate, metric, penalty
    step = TrainingStep(*needed, clip_norm, max_norm, average, rate_factors)
    watching = early_stopping, keep_best, held_out
    loop = _Loop(step, plan, *watching, epochs, batch_size, validate_every, seed, order=order)
    loop.begin(after, measure_before=measure_before)
    return loop.run(after, interruption or Interruption())


@dataclass(eq=False)
class _Loop:
    """A training run: what `fit` was given, checked and ready to train."""

    step: TrainingStep
    schedule: "Schedule | None"
    early_stopping: EarlyStopping | None
    keep_best: KeepBest | None
    held_out: HeldOut
    epochs: int
    batch_size: int | None
    validate_every: int
    seed: int
    look_ahead: bool = False
    order: Order | None = None

    def begin(self, after: int, *, measure_before: bool) -> None:
        """Checks what is to be trained, and forgets what was trained before unless it goes on."""
        self.check(after)
        self.look_ahead = not measure_before and self.can_look_ahead()
        if not after:
            self.prepare()

    def prepare(self) -> None:
        """Clears the memory of everything that changes from step to step or epoch to epoch."""
        step = self.step
        step.optimizer.prepare(step.network.params.flat)
        if step.average:
            step.average.prepare(step.network.weights)
        for part in (self.schedule, self.early_stopping, self.keep_best):
            if part:
                part.prepare()

    def run(self, after: int, interruption: Interruption) -> Iterator[EpochRecord]:
        """Trains the epochs that are left, until early stopping or the optimizer ends them."""
        step, network, optimizer = self.step, self.step.network, self.step.optimizer
        rows = len(step.examples)
        rollback = Rollback(network.weights, [optimizer, *([step.average] if step.average else [])])
        if interruption.deadline is not None:
            for part in (step.examples, *self.held_out.parts.values()):
                part.before_piece = interruption.check_time
        for epoch in range(after + 1, self.epochs + 1):
            if optimizer.finished:
                break
            started = perf_counter()
            network.start_epoch(self.seed, epoch)
            batches = draw_batches(rows, self.batch_size, self.seed, epoch, self.order)
            evaluated = epoch in (1, self.epochs) or epoch % self.validate_every == 0
            with rollback, interruption:
                held_out = self.held_out if evaluated else None
                found = train_epoch(step, batches, epoch, held_out, look_ahead=self.look_ahead)
            scores, rate = found.scores, step.rate(optimizer.steps - 1)
            if self.schedule:
                self.schedule.observe(epoch, scores)
            record = EpochRecord(epoch, scores, rate, perf_counter() - started)
            if self.keep_best and (evaluated or not self.held_out.calibrate):
                self.keep_best.observe(record, network, found.temperature)
            watch = self.early_stopping
            over = watch and watch.monitor in scores and watch.observe(epoch, scores[watch.monitor])
            yield record
            if over:
                break
        if self.keep_best:
            self.keep_best.install(network)

    def can_look_ahead(self) -> bool:
        """Returns whether the pass after a step is the one that the next step begins with."""
        step = self.step
        if self.batch_size is not None and self.batch_size < len(step.examples):
            return False
        # Who watches a figure of the training rows goes by the one before the step.
        watches = (self.early_stopping, getattr(self.schedule, "watch", None))
        watched = any(watch and not watch.monitor.startswith("val_") for watch in watches)
        return not (watched or step.average or step.network.draws or step.network.mixes_rows)

    def check(self, after: int) -> None:
        """Raises ValueError for what cannot be trained."""
        step, optimizer, network = self.step, self.step.optimizer, self.step.network
        if after < 0 or (after and not hasattr(optimizer, "steps")):
            raise ValueError(f"`after` must be epochs that the optimizer has trained; got {after}.")
        for name in ("epochs", "batch_size", "validate_every"):
            value = getattr(self, name)
            if value is not None and value < 1:
                raise ValueError(f"`{name}` must be at least 1; got {value}.")
        rows, kind = len(step.examples), type(optimizer).__name__
        size = rows if self.batch_size is None else min(self.batch_size, rows)
        if optimizer.full_batch and size < rows:
            raise ValueError(f"`batch_size` must be None for {kind}; got {size}.")
        if network.mixes_rows and (size == 1 or rows % size == 1):
            raise ValueError(
                f"`batch_size` {size} makes a batch of one row, which has no variance."
            )
        misleading = self.schedule or step.clip_norm or step.max_norm or network.draws
        if optimizer.line_search and (misleading or step.rate_factors):
            names = "schedule, clip_norm, max_norm, rate_factors or dropout"
            raise ValueError(f"{kind} takes no {names}.")
        measured = ["loss", step.metric.name, *self.held_out.names(step.metric)]
        for watch in (self.early_stopping, self.keep_best):
            if watch and watch.monitor not in measured:
                known = ", ".join(measured)
                raise ValueError(f"`monitor` must be one of {known}; got {watch.monitor!r}.")
