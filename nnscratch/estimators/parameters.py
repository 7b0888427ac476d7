"""The parameters of the estimators, with scikit-learn's names and defaults where it has them."""

from typing import Any, ClassVar

from sklearn.base import BaseEstimator

from nnscratch.estimators.settings import CONSTRAINTS


class Parameters(BaseEstimator):
    """A multi-layer perceptron with the parameters of scikit-learn's, and some more.

    All that both have has the meaning that scikit-learn's documentation gives it; `activation`,
    `solver` and `hidden_layer_sizes` also take the names and mappings of a config.

    Args:
        hidden_layer_sizes: Units of the hidden layers, or mappings with `units` and what differs
            from other layers: `activation`, `dropout`, `batch_norm`.
        activation: A name of scikit-learn's or of nnscratch's, or a mapping.
        solver: Likewise.
        batch_size: A number, `auto` for up to 200 rows, or `full`.
        loss: `log_loss` or a loss of nnscratch's for classes; `squared_error`, `poisson` or another
            one for numbers.
        dropout: The share of each hidden layer's outputs that training drops.
        batch_norm: Whether hidden layers are normalized over the batch, or how.
        use_bias: Whether layers add a bias.
        initializer: How the first weights are drawn; as scikit-learn draws them unless given.
        schedule: How the learning rate changes; overrides `learning_rate`.
        l1: Penalty of l1 Σ |w|, not divided by the rows of a batch.
        l2: Penalty of l2 Σ w², likewise; scikit-learn's `alpha` is divided.
        clip_norm: The norm that a longer gradient is shortened to.
        max_norm: The norm that the weights into a unit are shortened to.
        average: Decay of the moving average of the weights, which is then the result.
        label_smoothing: The share of each class's target that is spread over all classes.
        class_weight: How much each class counts: a mapping, or `balanced`. Multiplies the weights.
    """

    _parameter_constraints: ClassVar[dict[str, list[Any]]] = CONSTRAINTS

    def __init__(
        self,
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
        loss: Any = "log_loss",
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
        label_smoothing: float = 0.0,
        class_weight: Any = None,
    ) -> None:
        self.hidden_layer_sizes = hidden_layer_sizes
        self.activation = activation
        self.solver = solver
        self.alpha = alpha
        self.batch_size = batch_size
        self.learning_rate = learning_rate
        self.learning_rate_init = learning_rate_init
        self.power_t = power_t
        self.max_iter = max_iter
        self.shuffle = shuffle
        self.random_state = random_state
        self.tol = tol
        self.verbose = verbose
        self.warm_start = warm_start
        self.momentum = momentum
        self.nesterovs_momentum = nesterovs_momentum
        self.early_stopping = early_stopping
        self.validation_fraction = validation_fraction
        self.beta_1 = beta_1
        self.beta_2 = beta_2
        self.epsilon = epsilon
        self.n_iter_no_change = n_iter_no_change
        self.max_fun = max_fun
        self.loss = loss
        self.dropout = dropout
        self.batch_norm = batch_norm
        self.use_bias = use_bias
        self.initializer = initializer
        self.schedule = schedule
        self.l1 = l1
        self.l2 = l2
        self.clip_norm = clip_norm
        self.max_norm = max_norm
        self.average = average
        self.label_smoothing = label_smoothing
        self.class_weight = class_weight
