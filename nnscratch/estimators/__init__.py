"""scikit-learn's interface: estimators that stand in for its multi-layer perceptrons."""

from nnscratch.estimators.classifier import MLPClassifier
from nnscratch.estimators.regressor import MLPRegressor
from nnscratch.estimators.taking_over import import_sklearn

__all__ = ["MLPClassifier", "MLPRegressor", "import_sklearn"]
