"""Fitting: from rows and parameters to `nn.training.fit`, and from its epochs to attributes."""

import warnings
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any, NamedTuple

import numpy as np
from sklearn.model_selection import train_test_split
from sklearn.utils import check_random_state
from sklearn.utils.validation import _check_sample_weight

from nnscratch.errors import DivergedError
from nnscratch.estimators.callbacks import Tasks
from nnscratch.estimators.learning import Learning, begin_epochs, create_learning
from nnscratch.estimators.losses import Nothing
from nnscratch.estimators.progress import Progress, forget_epochs
from nnscratch.estimators.rows import Rows, as_parts, take_apart
from nnscratch.estimators.settings import build_network, hidden_layers, sizes_of
from nnscratch.estimators.solvers import EpochRate
from nnscratch.estimators.state import Core, Fitted
from nnscratch.nn.evaluation import evaluate
from nnscratch.nn.metrics import Metric, default_metric
from nnscratch.nn.training.epoch import EpochRecord
from nnscratch.nn.training.penalties import Penalty

_SMALLEST_VALIDATION = 2


class _Held(NamedTuple):
    """Rows to validate on, and their targets and weights as they were given."""

    rows: Rows
    y: Any
    weights: Any


class Fitting(Fitted):
    """Trains the network of an estimator with the parameters of `Parameters`."""

    def _fit(
        self,
        X: Any,
        y: Any,
        sample_weight: Any,
        validation_data: Any = None,
        *,
        incremental: bool = False,
    ) -> None:
        if self.early_stopping and incremental:
            raise ValueError("partial_fit does not support early_stopping=True")
        layers = hidden_layers(self.hidden_layer_sizes)
        given = X, y, sample_weight
        first = not hasattr(self, "coefs_") or not (self.warm_start or incremental)
        if not (first or self._loaded is None or self._loaded.is_plain(self._ready().network)):
            raise ValueError(
                "The loaded model scales or encodes what it is given, so it cannot be trained "
                "further here; `nnscratch train` can begin with its weights."
            )
        X, y = self._validate_input(X, y, reset=first, incremental=incremental)
        if sample_weight is not None:
            sample_weight = _check_sample_weight(
                sample_weight, X, dtype=X.dtype, ensure_non_negative=True
            )
        random = check_random_state(self.random_state)
        core = self._begin(X, random) if first else self._go_on()
        if not first and sizes_of(layers) != sizes_of(core.network.hidden):
            raise ValueError("hidden_layer_sizes cannot change where training goes on.")
        train = Rows(X, self._encode(core, y), self._weigh(y, sample_weight))
        train, held = self._hold_out(core, train, y, sample_weight, validation_data, random)
        tasks = None if incremental else Tasks(self, *given)
        self._train(core, train, held, random, tasks, incremental=incremental)

    def _begin(self, X: Any, random: np.random.RandomState) -> Core:
        """Draws the weights of a new network and forgets everything that was learned."""
        encoding = self._choose_encoding()
        loss = self._training_loss(encoding)
        network = build_network(self, X.shape[1], encoding.outputs, loss, X.dtype, random)
        self.n_iter_, self.t_ = 0, 0
        self._loaded = None
        forget_epochs(self)
        return self._settle(network, encoding)

    def _go_on(self) -> Core:
        """Returns the network to train further."""
        core = self._ready()
        # Arrays that were assigned to the attributes are none of the network's, which is to learn.
        core = self._settle(core.network, core.encoding)
        if self._loaded is not None:
            core.network.loss = self._training_loss(core.encoding)
            self._loaded = None
        return core

    def _hold_out(
        self,
        core: Core,
        train: Rows,
        y: Any,
        sample_weight: Any,
        validation_data: Any,
        random: np.random.RandomState,
    ) -> tuple[Rows, _Held | None]:
        """Returns the rows to train on and those to validate on, as scikit-learn splits them."""
        if validation_data is not None:
            X_val, y_val, weights = take_apart(validation_data)
            X_val, y_val = self._validate_held_out(X_val, y_val)
            if weights is not None:
                weights = _check_sample_weight(
                    weights, X_val, dtype=X_val.dtype, ensure_non_negative=True
                )
            rows = Rows(X_val, self._encode(core, y_val), self._weigh(y_val, weights))
            return train, _Held(rows, y_val, weights)
        if not self.early_stopping or self.solver == "lbfgs":
            return train, None
        arrays = {"x": train.inputs, "t": train.targets, "w": train.weights}
        arrays |= {"y": y, "s": sample_weight}
        present = {name: array for name, array in arrays.items() if array is not None}
        halves = train_test_split(
            *present.values(),
            random_state=random,
            test_size=self.validation_fraction,
            stratify=self._stratify(train.targets),
        )
        left = dict(zip(present, halves[::2], strict=True))
        right = dict(zip(present, halves[1::2], strict=True))
        if right["x"].shape[0] < _SMALLEST_VALIDATION:
            raise ValueError(
                "The validation set is too small. Increase 'validation_fraction' "
                "or the size of your dataset."
            )
        held = Rows(right["x"], right["t"], right.get("w"))
        return Rows(left["x"], left["t"], left.get("w")), _Held(held, right["y"], right.get("s"))

    def _train(
        self,
        core: Core,
        train: Rows,
        held: _Held | None,
        random: np.random.RandomState,
        tasks: Tasks | None,
        *,
        incremental: bool,
    ) -> None:
        network = core.network
        learning = self._begin_learning(incremental=incremental)
        optimizer, schedule, _ = learning
        parts = as_parts(train, held and held.rows, network.dtype)
        (inputs, targets, weights), _, transform = parts
        penalty = Penalty(self.l1, self.l2, self.alpha / 2.0)
        # A schedule may watch what is measured.
        metric = default_metric(core.encoding.loss) if self.schedule else self._metric()
        after = self._epochs if incremental else None
        records = begin_epochs(self, network, parts, learning, penalty, metric, random, after)
        self._note_validation(held)

        def evaluate_now() -> dict[str, float]:
            loss, score = evaluate(network, inputs, targets, metric, transform, weights)
            size = len(train) if weights is None else float(np.sum(weights))
            return {"loss": loss + penalty.shared_value(network, size), metric.name: score}

        progress = Progress(
            self,
            network,
            optimizer,
            schedule if isinstance(schedule, EpochRate) else None,
            None if held is None else partial(self._score_held, held),
            len(train),
            evaluate_now,
        )
        self._run(records, progress, tasks, 1 if incremental else self.max_iter)
        with np.errstate(all="ignore"):
            progress.finish(whole=not incremental)
        # What L-BFGS remembers is as large as many networks, and of no use to a further fit.
        if not optimizer.line_search:
            self._learning = learning
        if tasks is not None:
            tasks.finish()

    def _begin_learning(self, *, incremental: bool) -> Learning:
        """Returns what changes from step to step: that of the last fit if training goes on."""
        earlier: Learning | None = getattr(self, "_learning", None) if incremental else None
        if earlier is not None:
            return earlier
        self._epochs = 0
        return create_learning(self)

    def _run(
        self, records: Iterator[EpochRecord], progress: Progress, tasks: Tasks | None, most: int
    ) -> None:
        """Takes up to `most` epochs, until training is over, diverges or is interrupted."""
        self.n_iter_ = 0
        try:
            for _ in range(most):
                if tasks is not None:
                    tasks.begin_epoch()
                # An overflow that matters ends training, and needs no warning of NumPy's.
                with np.errstate(all="ignore"):
                    record = next(records, None)
                    is_over = record is None or progress.take(record)
                if record is not None:
                    self._epochs = record.epoch
                if tasks is not None:
                    is_over |= tasks.end_epoch(is_done=record is not None)
                if is_over:
                    break
        except DivergedError as error:
            progress.diverge(error)
        except KeyboardInterrupt:
            warnings.warn("Training interrupted by user.", stacklevel=2)

    def _note_validation(self, held: _Held | None) -> None:
        """Makes room for what the rows to validate on will say."""
        for name in ("validation_scores_", "validation_loss_curve_"):
            if held is None:
                setattr(self, name, None)
            elif getattr(self, name, None) is None:
                setattr(self, name, [])

    def _metric(self) -> Metric:
        return Nothing()

    def _reported_loss(self, scores: Mapping[str, float]) -> float:
        """Returns the loss as scikit-learn defines it, from the scores of an epoch."""
        return scores["loss"]

    def _score_held(self, held: _Held) -> float:
        """Returns the score of the rows to validate on, nan where predictions are not finite."""
        predicted = self._decode(self._forward(held.rows.inputs))
        if predicted.dtype.kind == "f" and not np.isfinite(predicted).all():
            return float("nan")
        return float(self._scorer()(held.y, predicted, sample_weight=held.weights))
