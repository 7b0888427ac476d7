"""How training goes: curves, the best epoch, and when scikit-learn's rules end it."""

import warnings
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from sklearn.exceptions import ConvergenceWarning

from nnscratch.estimators.solvers import EpochRate, StoppingLBFGS
from nnscratch.nn.network import Network
from nnscratch.nn.optimizers.base import Optimizer
from nnscratch.nn.training.epoch import EpochRecord

# The learning rate that `adaptive` does not divide any further.
_SMALLEST_RATE = 1e-6


class Progress:
    """Takes the epochs of one `fit`, writes an estimator's curves, and decides when it is over.

    Args:
        estimator: Whose attributes are written.
        network: What it trains.
        optimizer: Trains it.
        rate: What changes the learning rate between epochs, if that is scikit-learn's way.
        score: Returns the score of the validation rows; None if there are none.
        rows: How many rows an epoch has.
        evaluate: Returns what an epoch's scores would be with the present weights.
    """

    def __init__(
        self,
        estimator: Any,
        network: Network,
        optimizer: Optimizer,
        rate: EpochRate | None,
        score: Callable[[], float] | None,
        rows: int,
        evaluate: Callable[[], Mapping[str, float]],
    ) -> None:
        self._estimator, self._network, self._optimizer = estimator, network, optimizer
        self._rate, self._score, self._rows = rate, score, rows
        self._evaluate, self._noted = evaluate, 0
        self._best_weights: Any = None
        self._is_over = False

    def take(self, record: EpochRecord) -> bool:
        """Takes an epoch and returns whether it is the last one."""
        estimator = self._estimator
        if isinstance(self._optimizer, StoppingLBFGS):
            return self._take_step(record, self._optimizer)
        estimator.n_iter_ += 1
        estimator.t_ += self._rows
        self._note_loss(record.scores)
        self._note_validation(record)
        self._count()
        if self._rate and estimator.learning_rate == "invscaling":
            self._rate.scale = float((estimator.t_ + 1) ** -estimator.power_t)
        if estimator._no_improvement_count > estimator.n_iter_no_change:
            self._is_over = self._is_final()
        return self._is_over or self._optimizer.finished

    def finish(self, *, whole: bool) -> None:
        """Installs the best weights where they are wanted, and warns if training was too short.

        Args:
            whole: Whether training was not for a single epoch.
        """
        estimator, optimizer = self._estimator, self._optimizer
        if isinstance(optimizer, StoppingLBFGS):
            if self._noted < max(optimizer.moves, 1):
                self._note_loss(self._evaluate())
            if not optimizer.finished or optimizer.exhausted:
                limit = "max_fun" if optimizer.exhausted else "max_iter"
                _warn(
                    f"lbfgs failed to converge after {estimator.n_iter_} iteration(s): "
                    f"{limit}={getattr(estimator, limit)} is reached.\n"
                    f"\nIncrease {limit}, or scale the data as shown in:\n"
                    "    https://scikit-learn.org/stable/modules/preprocessing.html"
                )
            return
        if whole and not self._is_over and estimator.n_iter_ == estimator.max_iter:
            _warn(
                f"Stochastic Optimizer: Maximum iterations ({estimator.max_iter}) "
                "reached and the optimization hasn't converged yet."
            )
        if self._best_weights is not None:
            self._network.weights[:] = self._best_weights

    def diverge(self, error: Exception) -> None:
        """Notes an epoch that came to nothing.

        Raises:
            ValueError: There are no weights of a better epoch to keep.
        """
        estimator = self._estimator
        self._is_over = True
        if self._best_weights is None:
            raise ValueError(
                "Solver produced non-finite parameter weights. The input data may"
                f" contain large values and need to be preprocessed.\n{error}"
            ) from error
        estimator.n_iter_ += 1
        estimator.loss_ = float("nan")
        estimator.loss_curve_.append(estimator.loss_)
        estimator.validation_scores_.append(float("nan"))
        _warn(f"Training diverged, and the best weights before that are kept: {error}")

    def _take_step(self, record: EpochRecord, optimizer: StoppingLBFGS) -> bool:
        """Takes a step of L-BFGS, whose record has the loss before it: that after the last one."""
        if record.epoch > 1:
            self._note_loss(record.scores)
        if optimizer.moves > self._estimator.n_iter_:
            self._estimator.n_iter_ = optimizer.moves
            self._note_validation(record)
        return optimizer.finished

    def _note_loss(self, scores: Mapping[str, float]) -> None:
        estimator = self._estimator
        self._noted += 1
        estimator.loss_ = estimator._reported_loss(scores)
        estimator.loss_curve_.append(estimator.loss_)
        if estimator.verbose:
            print(f"Iteration {estimator.n_iter_}, loss = {estimator.loss_:.8f}")

    def _note_validation(self, record: EpochRecord) -> None:
        if self._score is None:
            return
        estimator = self._estimator
        scores = {name[4:]: v for name, v in record.scores.items() if name.startswith("val_")}
        loss = estimator._reported_loss(scores)
        estimator.validation_loss_curve_.append(loss)
        score = self._score()
        estimator.validation_scores_.append(score)
        if estimator.verbose:
            print(f"Validation score: {score:f}")

    def _count(self) -> None:
        """Counts the epochs without improvement, of the score or else of the loss."""
        estimator = self._estimator
        if estimator.early_stopping:
            score, best = estimator.validation_scores_[-1], estimator.best_validation_score_
            best = -np.inf if best is None else best  # it stopped by the loss before
            improved = not score < best + estimator.tol
            if score > best:
                estimator.best_validation_score_ = score
                self._best_weights = self._network.weights.copy()
        else:
            loss, best = estimator.loss_, estimator.best_loss_
            best = np.inf if best is None else best  # it stopped by the score before
            improved = not loss > best - estimator.tol
            estimator.best_loss_ = min(loss, best)
        count = 0 if improved else estimator._no_improvement_count + 1
        estimator._no_improvement_count = count

    def _is_final(self) -> bool:
        """Returns whether nothing is left to try, and divides the learning rate if there is."""
        estimator = self._estimator
        what = "Validation score" if estimator.early_stopping else "Training loss"
        text = (
            f"{what} did not improve more than tol={estimator.tol:f} for "
            f"{estimator.n_iter_no_change} consecutive epochs."
        )
        is_adaptive = self._rate is not None and estimator.learning_rate == "adaptive"
        if is_adaptive and self._rate is not None:
            rate = estimator.learning_rate_init * self._rate.scale
            if rate > _SMALLEST_RATE:
                self._rate.scale /= 5.0
                estimator._no_improvement_count = 0
                if estimator.verbose:
                    print(f"{text} Setting learning rate to {rate / 5.0:f}")
                return False
            text += " Learning rate too small."
        if estimator.verbose:
            print(f"{text} Stopping.")
        return True


def _warn(message: str) -> None:
    warnings.warn(message, ConvergenceWarning, stacklevel=2)


def forget_epochs(estimator: Any) -> None:
    """Resets what an estimator remembers of its epochs."""
    estimator.loss_curve_ = []
    estimator._no_improvement_count = 0
    estimator.best_loss_ = None if estimator.early_stopping else np.inf
    estimator.best_validation_score_ = -np.inf if estimator.early_stopping else None
