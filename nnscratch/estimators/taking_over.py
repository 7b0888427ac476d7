"""Taking over a network that scikit-learn has trained, to look into it or to train it further."""

from typing import Any

import numpy as np
from sklearn import neural_network as theirs
from sklearn.utils.validation import check_is_fitted

from nnscratch.estimators.classifier import MLPClassifier
from nnscratch.estimators.regressor import MLPRegressor

_COPIED = ("classes_", "n_features_in_", "feature_names_in_", "n_iter_", "t_", "loss_")
_CURVES = ("loss_curve_", "validation_scores_", "best_loss_", "best_validation_score_")


def import_sklearn(fitted: Any) -> MLPClassifier | MLPRegressor:
    """Returns an estimator with the parameters, weights and curves of one of scikit-learn's.

    Args:
        fitted: A fitted `MLPClassifier` or `MLPRegressor` of scikit-learn's.

    Raises:
        TypeError: It is something else.
        NotFittedError: It is not fitted.
    """
    ours: MLPClassifier | MLPRegressor
    if isinstance(fitted, theirs.MLPClassifier):
        ours = MLPClassifier(**fitted.get_params())
    elif isinstance(fitted, theirs.MLPRegressor):
        ours = MLPRegressor(**fitted.get_params())
    else:
        name = type(fitted).__name__
        kinds = "an MLPClassifier or MLPRegressor of scikit-learn"
        raise TypeError(f"`fitted` must be {kinds}; got {name}.")
    check_is_fitted(fitted)
    for name in (*_COPIED, *_CURVES):
        if hasattr(fitted, name):
            value = getattr(fitted, name)
            setattr(ours, name, list(value) if isinstance(value, list) else value)
    if not hasattr(ours, "loss_curve_"):
        ours.loss_curve_ = []
        ours.best_loss_ = np.inf
    ours.validation_loss_curve_ = None
    ours._no_improvement_count = getattr(fitted, "_no_improvement_count", 0)
    ours.n_outputs_, ours.n_layers_ = fitted.n_outputs_, fitted.n_layers_
    ours.out_activation_ = fitted.out_activation_
    if isinstance(ours, MLPClassifier):
        ours._is_multilabel = fitted._label_binarizer.y_type_.startswith("multilabel")
    ours.coefs_ = [array.copy() for array in fitted.coefs_]
    ours.intercepts_ = [array.copy() for array in fitted.intercepts_]
    ours._ready()
    return ours
