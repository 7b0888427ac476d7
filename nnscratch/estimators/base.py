"""The estimator below both: a parameterized, fitting, savable one that takes callbacks."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Self

import numpy as np
from sklearn.callback import CallbackSupportMixin, with_callbacks
from sklearn.utils.validation import check_is_fitted, validate_data

from nnscratch.config import load
from nnscratch.estimators.configs import parameters_of, to_yaml
from nnscratch.estimators.files import model_outputs, take_model, to_model
from nnscratch.estimators.fitting import Fitting
from nnscratch.experiment.defaults import implied_activation
from nnscratch.model import Model
from nnscratch.nn.parameters import Array

_FLOATS = (np.dtype(np.float32), np.dtype(np.float64))


def is_stochastic(estimator: Any) -> bool:
    """Returns whether an estimator can train on some rows at a time.

    Raises:
        AttributeError: It cannot.
    """
    solver = estimator.solver
    name = solver.get("name") if isinstance(solver, dict) else solver
    if name == "lbfgs":
        raise AttributeError(
            f"partial_fit is only available for stochastic optimizers. {name} is not stochastic."
        )
    return True


class BaseMLP(CallbackSupportMixin, Fitting):
    """A multi-layer perceptron; see `Parameters`, and the two classes below it."""

    @with_callbacks
    def fit(self, X: Any, y: Any, sample_weight: Any = None, validation_data: Any = None) -> Self:
        """Trains on rows and returns the estimator.

        Args:
            X: (rows, features), an array, a DataFrame or a sparse matrix.
            y: The targets (rows,) or (rows, outputs).
            sample_weight: How much each row counts (rows,).
            validation_data: Rows and targets, and perhaps weights, to validate on after each epoch;
                with `early_stopping` in place of a part of X.

        Raises:
            ValueError: Something does not fit, in scikit-learn's words.
        """
        self._validate_params()
        self._fit(X, y, sample_weight, validation_data)
        return self

    def save(self, path: str | Path) -> None:
        """Writes the fitted network to a .npz file, which every command of nnscratch takes.

        Raises:
            ValueError: Its classes are no numbers or texts.
            OSError: It cannot be written.
        """
        check_is_fitted(self)
        to_model(self).save(path)

    @classmethod
    def load(cls, path: str | Path) -> Self:
        """Returns the estimator of a .npz file or run directory, of an estimator's or of a run's.

        It takes rows as that file's data had them, and predicts in their units.

        Raises:
            FileFormatError: The file is damaged, or holds several models.
            UsageError: There is no such file, or it predicts something else.
        """
        estimator = cls()
        take_model(estimator, Model.load(path), path)
        return estimator

    @classmethod
    def from_config(cls, path: str | Path, changes: Sequence[str] = ()) -> Self:
        """Returns an estimator, not fitted, with the settings of a config.

        Its data and how they are scaled are left out: rows are given to `fit` as the network takes
        them, from a pipeline for example.

        Args:
            path: The config.
            changes: KEY=VALUE, or other configs that are laid over it.

        Raises:
            ConfigError: The config has a mistake.
            ValueError: A setting has no counterpart in an estimator.
        """
        parameters = parameters_of(load(path, changes, find_files=False))
        if parameters["activation"] == "auto":
            parameters["activation"] = implied_activation(are_numbers=cls._predicts_numbers)
        estimator = cls(**parameters)
        estimator._validate_params()
        return estimator

    def to_config(self, dataset: Mapping[str, Any] | None = None) -> str:
        """Returns the settings as a config in YAML; without `dataset`, as a part of one.

        Raises:
            ValueError: A parameter has no counterpart in a config.
        """
        self._validate_params()
        return to_yaml(self, dataset)

    def _partial_fit(self, X: Any, y: Any, sample_weight: Any) -> Self:
        self._validate_params()
        self._fit(X, y, sample_weight, incremental=True)
        return self

    def _predict_outputs(self, X: Any) -> Array:
        """Returns the network's outputs for rows as they are given."""
        check_is_fitted(self)
        if self._loaded is not None:
            return model_outputs(self, X)
        return self._forward(X if self._is_plain(X) else self._read(X))

    def _is_plain(self, X: Any) -> bool:
        """Returns whether nothing is to be said of X: finite floats, as wide as those of `fit`."""
        is_table = type(X) is np.ndarray and X.dtype in _FLOATS and X.ndim == 2 and len(X) > 0
        if not is_table or X.shape[1] != self.n_features_in_ or hasattr(self, "feature_names_in_"):
            return False
        with np.errstate(over="ignore"):
            return bool(np.isfinite(X.sum()))

    def _read(self, X: Any) -> Any:
        return validate_data(self, X, accept_sparse=["csr", "csc"], reset=False)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        return tags
