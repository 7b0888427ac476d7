"""The network of a fitted estimator, and what is left of it in a pickle."""

from threading import RLock
from typing import Any, NamedTuple

import numpy as np

from nnscratch.data.target_encoding import TargetEncoding
from nnscratch.estimators.parameters import Parameters
from nnscratch.estimators.rows import dense_pieces
from nnscratch.estimators.settings import build_network, set_weights
from nnscratch.nn.network import Network
from nnscratch.nn.parameters import Array


class Core(NamedTuple):
    """What an estimator has learned."""

    network: Network
    encoding: TargetEncoding
    lock: Any
    """Held in a forward pass, which writes into buffers of the network."""


class Fitted(Parameters):
    """Keeps a network behind `coefs_` and `intercepts_`, which are its arrays.

    If other arrays are assigned to them, the network computes with those.
    """

    _core: Core | None = None
    # What a model from a file does besides, until `fit` begins anew.
    _loaded: Any = None
    # Whether targets are numbers, not classes or labels.
    _predicts_numbers = False

    def _settle(self, network: Network, encoding: TargetEncoding) -> Core:
        """Makes a network that of the estimator."""
        self._core = Core(network, encoding, RLock())
        self.coefs_ = [dense.kernel for dense in network.dense]
        self.intercepts_ = [
            np.zeros(dense.units, network.dtype) if dense.bias is None else dense.bias
            for dense in network.dense
        ]
        self.n_layers_ = len(network.dense) + 1
        self.n_outputs_ = network.outputs
        self.out_activation_ = self._output_name(encoding)
        return self._core

    def _ready(self) -> Core:
        """Returns the network with the weights that the attributes show."""
        core = self._core
        if core is None:
            state: dict[str, Any] = self.__dict__
            if self._loaded is None:
                encoding = self._choose_encoding()
                network = build_network(
                    self,
                    len(self.coefs_[0]),
                    encoding.outputs,
                    self._training_loss(encoding),
                    np.asarray(self.coefs_[0]).dtype,
                    hidden=state.pop("_hidden", None),
                )
            else:
                encoding = self._loaded.encoding
                network = Network(**state.pop("_description"), initializer="zeros")
            weights = state.pop("_weights", None)
            if weights is not None:
                network.weights[:] = weights
            set_weights(network, self.coefs_, self.intercepts_)
            core = self._settle(network, encoding)
        set_weights(core.network, self.coefs_, self.intercepts_)
        return core

    def _forward(self, x: Any) -> Array:
        """Returns the network's outputs (rows, outputs), their activation applied."""
        core = self._ready()
        with core.lock, np.errstate(all="ignore"):
            logits = [core.network.logits(piece) for piece in dense_pieces(x)]
            return core.encoding.loss.predict(logits[0] if len(logits) == 1 else np.vstack(logits))

    def __getstate__(self) -> dict[str, Any]:
        """Returns the attributes, of the network only its arrays and its layers."""
        state = dict(super().__getstate__())
        core = state.pop("_core", None)
        if core is not None:
            set_weights(core.network, self.coefs_, self.intercepts_)
            if self._loaded is None:
                state["_hidden"] = [layer.describe() for layer in core.network.hidden]
            else:
                state["_description"] = core.network.describe()
            state["_weights"] = core.network.weights.copy()
        for name in ("coefs_", "intercepts_"):
            if name in state:
                state[name] = [np.array(array) for array in state[name]]
        return state
