"""MLPRegressor: numbers."""

from collections.abc import Mapping
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import RegressorMixin
from sklearn.metrics import r2_score
from sklearn.utils import column_or_1d
from sklearn.utils._param_validation import StrOptions
from sklearn.utils.metaestimators import available_if
from sklearn.utils.validation import validate_data

from nnscratch.data.target_encoding import TargetEncoding
from nnscratch.data.target_transform import TARGET_TRANSFORMS
from nnscratch.estimators.base import BaseMLP, is_stochastic
from nnscratch.estimators.losses import HalfSquaredError, Nothing, PoissonDeviance, Scaled
from nnscratch.estimators.settings import CONSTRAINTS
from nnscratch.estimators.state import Core
from nnscratch.nn.losses import LOSSES
from nnscratch.nn.losses.base import Loss
from nnscratch.nn.losses.regression import MeanSquaredError
from nnscratch.nn.metrics import Metric
from nnscratch.nn.parameters import Array, Targets
from nnscratch.nn.registry import create

# Losses of numbers, not of classes.
_LOSSES = {name for name, loss in LOSSES.items() if loss.output_activation == "linear"} - {"hinge"}


class MLPRegressor(RegressorMixin, BaseMLP):
    """A multi-layer perceptron that predicts one number or several.

    It takes the place of `sklearn.neural_network.MLPRegressor`; see `Parameters` for what it takes
    besides. Its attributes are those of `MLPClassifier`, without the classes; scores are R².
    """

    _parameter_constraints: ClassVar[dict[str, list[Any]]] = {
        **CONSTRAINTS,
        "loss": [StrOptions({"squared_error", "poisson", *_LOSSES}), dict],
    }

    _predicts_numbers = True

    def __init__(
        self,
        loss: Any = "squared_error",
        hidden_layer_sizes: Any = (100,),
        activation: Any = "relu",
        *,
        solver: Any = "adam",
        alpha: float = 0.0001,
        batch_size: Any = "auto",
        learning_rate: str = "constant",
        learning_rate_init: float = 0.001,
        power_t: float = 0.5,
        max_iter: int = 200,
        shuffle: bool = True,
        random_state: Any = None,
        tol: float = 1e-4,
        verbose: Any = False,
        warm_start: bool = False,
        momentum: float = 0.9,
        nesterovs_momentum: bool = True,
        early_stopping: bool = False,
        validation_fraction: float = 0.1,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float = 1e-8,
        n_iter_no_change: float = 10,
        max_fun: int = 15000,
        dropout: float = 0.0,
        batch_norm: Any = False,
        use_bias: bool = True,
        initializer: Any = None,
        schedule: Any = None,
        l1: float = 0.0,
        l2: float = 0.0,
        clip_norm: float | None = None,
        max_norm: float | None = None,
        average: float | None = None,
    ) -> None:
        super().__init__(
            hidden_layer_sizes,
            activation,
            solver=solver,
            alpha=alpha,
            batch_size=batch_size,
            learning_rate=learning_rate,
            learning_rate_init=learning_rate_init,
            power_t=power_t,
            max_iter=max_iter,
            shuffle=shuffle,
            random_state=random_state,
            tol=tol,
            verbose=verbose,
            warm_start=warm_start,
            momentum=momentum,
            nesterovs_momentum=nesterovs_momentum,
            early_stopping=early_stopping,
            validation_fraction=validation_fraction,
            beta_1=beta_1,
            beta_2=beta_2,
            epsilon=epsilon,
            n_iter_no_change=n_iter_no_change,
            max_fun=max_fun,
            loss=loss,
            dropout=dropout,
            batch_norm=batch_norm,
            use_bias=use_bias,
            initializer=initializer,
            schedule=schedule,
            l1=l1,
            l2=l2,
            clip_norm=clip_norm,
            max_norm=max_norm,
            average=average,
        )

    @available_if(is_stochastic)
    def partial_fit(self, X: Any, y: Any, sample_weight: Any = None) -> Self:
        """Trains one epoch on rows and returns the estimator.

        Args:
            X: (rows, features).
            y: The targets (rows,) or (rows, outputs).
            sample_weight: How much each row counts (rows,).

        Raises:
            ValueError: Something does not fit, in scikit-learn's words.
        """
        return self._partial_fit(X, y, sample_weight)

    def predict(self, X: Any) -> NDArray[Any]:
        """Returns the number of each row (rows,), or its numbers (rows, outputs)."""
        return self._decode(self._predict_outputs(X))

    def _validate_input(
        self, X: Any, y: Any, *, reset: bool, incremental: bool
    ) -> tuple[Any, NDArray[Any]]:
        X, y = validate_data(
            self,
            X,
            y,
            accept_sparse=["csr", "csc"],
            multi_output=True,
            y_numeric=True,
            dtype=(np.float64, np.float32),
            reset=reset,
        )
        if y.ndim == 2 and y.shape[1] == 1:
            y = column_or_1d(y, warn=True)
        if self.loss == "poisson" and y.min() < 0:
            raise ValueError(
                "Some value(s) of y are out of the valid range of the loss 'poisson', which are "
                "numbers of at least 0."
            )
        outputs = 1 if y.ndim == 1 else y.shape[1]
        if not reset and outputs != self.n_outputs_:
            raise ValueError(f"y has {outputs} outputs, but there were {self.n_outputs_} before.")
        self.n_outputs_ = outputs
        return X, y

    def _validate_held_out(self, X: Any, y: Any) -> tuple[Any, NDArray[Any]]:
        return self._validate_input(X, y, reset=False, incremental=True)

    def _choose_encoding(self) -> TargetEncoding:
        if self.loss == "poisson":
            # The network predicts the logarithm of what is expected.
            log = TARGET_TRANSFORMS["log"]
            return TargetEncoding(MeanSquaredError(), None, self.n_outputs_, transform=log)
        name = "mean_squared_error" if self.loss == "squared_error" else self.loss
        return TargetEncoding(create(LOSSES, name), None, self.n_outputs_)

    def _training_loss(self, encoding: TargetEncoding) -> Loss:
        # scikit-learn's gradients are those of sums over a row's outputs.
        if self.loss == "poisson":
            return Scaled(PoissonDeviance(), encoding.outputs)
        if self.loss == "squared_error":
            return Scaled(encoding.loss, encoding.outputs / 2.0)
        return encoding.loss

    def _metric(self) -> Metric:
        is_sum = self.loss == "squared_error" and self.n_outputs_ > 1
        return HalfSquaredError() if is_sum else Nothing()

    def _reported_loss(self, scores: Mapping[str, float]) -> float:
        # What scikit-learn reports is nevertheless their mean.
        mean = scores.get(HalfSquaredError.name, 0.0)
        return scores["loss"] - (self.n_outputs_ - 1) * mean

    def _output_name(self, encoding: TargetEncoding) -> str:
        return "exp" if self.loss == "poisson" else "identity"

    def _encode(self, core: Core, y: NDArray[Any]) -> Targets:
        return y.reshape(len(y), -1).astype(core.network.dtype, copy=False)

    def _decode(self, outputs: Array) -> NDArray[Any]:
        core = self._ready()
        numbers = core.encoding.decode(outputs).astype(core.network.dtype, copy=False)
        return numbers[:, 0] if numbers.shape[1] == 1 else numbers

    def _weigh(self, y: NDArray[Any], sample_weight: Any) -> Any:
        return sample_weight

    def _stratify(self, targets: Targets) -> Any:
        return None

    def _scorer(self) -> Any:
        return r2_score
