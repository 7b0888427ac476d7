"""MLPClassifier: classes and labels."""

from numbers import Real
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import ClassifierMixin
from sklearn.metrics import accuracy_score
from sklearn.utils import column_or_1d
from sklearn.utils._param_validation import Interval, StrOptions
from sklearn.utils.class_weight import compute_sample_weight
from sklearn.utils.metaestimators import available_if
from sklearn.utils.multiclass import (
    _check_partial_fit_first_call,
    check_classification_targets,
    type_of_target,
    unique_labels,
)
from sklearn.utils.validation import validate_data

from nnscratch.data.target_encoding import TargetEncoding
from nnscratch.estimators.base import BaseMLP, is_stochastic
from nnscratch.estimators.losses import Scaled
from nnscratch.estimators.settings import CONSTRAINTS
from nnscratch.estimators.state import Core
from nnscratch.nn.losses import LOSSES
from nnscratch.nn.losses.base import Loss
from nnscratch.nn.parameters import Array, Targets
from nnscratch.nn.registry import create


def _gives_probabilities(estimator: Any) -> bool:
    """Returns whether an estimator's loss makes probabilities of its outputs.

    Raises:
        AttributeError: It does not.
    """
    loss = estimator.loss
    name = str(loss.get("name")) if isinstance(loss, dict) else loss
    if name in LOSSES and LOSSES[name].output_activation == "linear":
        raise AttributeError(
            f"Probabilities are only available with loss='log_loss'; got {name!r}."
        )
    return True


class MLPClassifier(ClassifierMixin, BaseMLP):
    """A multi-layer perceptron that predicts classes, or labels of which a row may have several.

    It takes the place of `sklearn.neural_network.MLPClassifier`; see `Parameters` for what it takes
    besides.

    Attributes:
        classes_: The classes, sorted.
        coefs_: The weights of each layer, (inputs, units); the network's own arrays.
        intercepts_: The biases of each layer, (units,), likewise.
        loss_: The loss of the last epoch, the penalty counted in.
        loss_curve_: That of each epoch; with `lbfgs` that after each step.
        validation_loss_curve_: The loss of the rows to validate on after each epoch.
        validation_scores_: Their accuracy.
        best_loss_: The smallest loss; None with `early_stopping`.
        best_validation_score_: The best score with `early_stopping`, else None.
        n_iter_: The epochs, or steps of `lbfgs`.
        t_: The rows trained on.
    """

    _are_labels_sparse = False
    _parameter_constraints: ClassVar[dict[str, list[Any]]] = {
        **CONSTRAINTS,
        "loss": [StrOptions({"log_loss", *LOSSES}), dict],
        "label_smoothing": [Interval(Real, 0, 1, closed="left")],
        "class_weight": [StrOptions({"balanced"}), dict, list, None],
    }

    @available_if(is_stochastic)
    def partial_fit(self, X: Any, y: Any, sample_weight: Any = None, classes: Any = None) -> Self:
        """Trains one epoch on rows and returns the estimator.

        Args:
            X: (rows, features).
            y: The targets.
            sample_weight: How much each row counts (rows,).
            classes: All classes there are; needed in the first call.

        Raises:
            ValueError: Something does not fit, in scikit-learn's words.
        """
        if self.class_weight == "balanced":
            raise ValueError(
                "class_weight 'balanced' is not supported for partial_fit. In order to use "
                "'balanced' weights, use compute_class_weight('balanced', classes=classes, y=y)."
            )
        if _check_partial_fit_first_call(self, classes):
            self._is_multilabel = type_of_target(y).startswith("multilabel")
        return self._partial_fit(X, y, sample_weight)

    def predict(self, X: Any) -> Any:
        """Returns the class of each row (rows,), or its labels (rows, labels) as 0 and 1.

        Labels are a sparse matrix if `y` was one.
        """
        predicted = self._decode(self._predict_outputs(X))
        if not self._are_labels_sparse:
            return predicted
        from scipy.sparse import csr_matrix

        return csr_matrix(predicted)

    @available_if(_gives_probabilities)
    def predict_proba(self, X: Any) -> Array:
        """Returns the probability of each class or label (rows, classes)."""
        outputs = self._predict_outputs(X)
        if len(self.classes_) == 1 and not self._is_multilabel:
            return np.ones_like(outputs)
        encoding = self._ready().encoding
        if encoding.loss.output_activation == "sigmoid":
            # Rounding makes 1 of the largest ones, and nothing is left for the other class.
            np.minimum(outputs, np.nextafter(outputs.dtype.type(1), 0), out=outputs)
        return encoding.to_probabilities(outputs)

    @available_if(_gives_probabilities)
    def predict_log_proba(self, X: Any) -> Array:
        """Returns the logarithm of `predict_proba`."""
        probabilities = self.predict_proba(X)
        with np.errstate(divide="ignore"):
            return np.log(probabilities, out=probabilities)

    def _validate_input(
        self, X: Any, y: Any, *, reset: bool, incremental: bool
    ) -> tuple[Any, NDArray[Any]]:
        X, y = self._check_rows(X, y, reset=reset)
        if not hasattr(self, "classes_") or not (self.warm_start or incremental):
            self._is_multilabel = y.ndim == 2
            self.classes_ = np.arange(y.shape[1]) if self._is_multilabel else np.unique(y)
            if self.classes_.dtype == object:
                self.classes_ = np.array(self.classes_.tolist())
            return X, y
        if not hasattr(self, "_is_multilabel"):
            self._is_multilabel = y.ndim == 2
        classes = self._classes_of(y)
        if self.warm_start and not incremental:
            if set(classes) != set(self.classes_):
                raise ValueError(
                    "warm_start can only be used where `y` has the same "
                    "classes as in the previous call to fit. Previously "
                    f"got {self.classes_}, `y` has {classes}"
                )
        elif len(np.setdiff1d(classes, self.classes_, assume_unique=True)):
            raise ValueError(
                "`y` has classes not in `self.classes_`. "
                f"`self.classes_` has {self.classes_}. 'y' has {classes}."
            )
        return X, y

    def _check_rows(self, X: Any, y: Any, *, reset: bool) -> tuple[Any, NDArray[Any]]:
        X, y = validate_data(
            self,
            X,
            y,
            accept_sparse=["csr", "csc"],
            multi_output=True,
            dtype=(np.float64, np.float32),
            reset=reset,
        )
        return X, self._check_labels(y)

    def _check_labels(self, y: Any) -> NDArray[Any]:
        """Returns labels (rows,), or (rows, labels) of 0 and 1."""
        check_classification_targets(y)
        kind = type_of_target(y, input_name="y")
        if "multioutput" in kind:
            raise ValueError(f"Multioutput target data is not supported: y is {kind}.")
        if kind == "multilabel-indicator":
            self._are_labels_sparse = hasattr(y, "toarray")
            return np.asarray(y.toarray() if hasattr(y, "toarray") else y)
        return np.asarray(column_or_1d(y, warn=True))

    def _classes_of(self, y: NDArray[Any]) -> NDArray[Any]:
        if (y.ndim == 2) != self._is_multilabel:
            was, now = ("labels", "classes") if self._is_multilabel else ("classes", "labels")
            raise ValueError(f"`y` must be {was}, as before; got {now}.")
        return np.arange(y.shape[1]) if self._is_multilabel else unique_labels(y)

    def _validate_held_out(self, X: Any, y: Any) -> tuple[Any, NDArray[Any]]:
        X, y = self._check_rows(X, y, reset=False)
        unknown = np.setdiff1d(self._classes_of(y), self.classes_)
        if len(unknown):
            raise ValueError(f"`validation_data` has classes that `y` does not have: {unknown}.")
        return X, y

    def _choose_encoding(self) -> TargetEncoding:
        classes = None if self._is_multilabel else tuple(self.classes_.tolist())
        loss = self.loss
        if loss == "log_loss":
            is_binary = classes is None or len(classes) <= 2
            loss = "binary_cross_entropy" if is_binary else "cross_entropy"
        spec = {"name": loss} if isinstance(loss, str) else dict(loss)
        if self.label_smoothing:
            spec["label_smoothing"] = self.label_smoothing
        return TargetEncoding(create(LOSSES, spec), classes, len(self.classes_))

    def _training_loss(self, encoding: TargetEncoding) -> Loss:
        # scikit-learn adds up the losses of a row's labels, so that alpha weighs as much.
        is_sum = self.loss == "log_loss" and encoding.multi_label and encoding.outputs > 1
        return Scaled(encoding.loss, encoding.outputs) if is_sum else encoding.loss

    def _output_name(self, encoding: TargetEncoding) -> str:
        names = {"sigmoid": "logistic", "linear": "identity"}
        output = encoding.loss.output_activation
        return names.get(output, output)

    def _encode(self, core: Core, y: NDArray[Any]) -> Targets:
        no, yes = core.encoding.loss.codes or (0.0, 1.0)
        if self._is_multilabel:
            return np.where(y, yes, no).astype(core.network.dtype)
        if len(self.classes_) == 1:
            return np.full((len(y), 1), no, core.network.dtype)
        # The classes of a file need not be sorted.
        order = np.argsort(self.classes_)
        return core.encoding.encode(order[np.searchsorted(self.classes_, y, sorter=order)])

    def _decode(self, outputs: Array) -> NDArray[Any]:
        encoding = self._ready().encoding
        if self._is_multilabel:
            return (outputs > encoding.threshold).astype(np.intp)
        return self.classes_.take(encoding.decode(outputs), mode="clip")

    def _weigh(self, y: NDArray[Any], sample_weight: Any) -> Any:
        """Returns the weights of the rows, those of their classes multiplied in."""
        if self.class_weight is None:
            return sample_weight
        weights = compute_sample_weight(self.class_weight, y)
        return weights if sample_weight is None else weights * sample_weight

    def _stratify(self, targets: Targets) -> Any:
        is_single = targets.ndim == 2 and targets.shape[1] == 1
        return targets > targets.min() if is_single else None

    def _scorer(self) -> Any:
        return accuracy_score

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_label = True
        return tags
