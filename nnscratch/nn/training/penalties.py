"""Against large weights: penalties that are added to the loss, and a bound."""

from dataclasses import dataclass

import numpy as np

from nnscratch.nn.network import Network


@dataclass(frozen=True)
class Penalty:
    """λ₁ Σ |w| + λ₂ Σ w² over the kernels; biases are not penalized.

    Its gradient is λ₁ sign(w) + 2 λ₂ w. Tikhonov 1943 (l2), Tibshirani 1996 (l1).

    Args:
        l1: λ₁, at least 0.
        l2: λ₂, at least 0; PyTorch's `weight_decay` of SGD is 2 λ₂.
        shared_l2: λ₃, at least 0: adds λ₃ Σ w² / n, n being how much the rows of the batch count
            together. The losses that training reports contain it; scikit-learn's `alpha` is 2 λ₃.
    """

    l1: float = 0.0
    l2: float = 0.0
    shared_l2: float = 0.0

    def __bool__(self) -> bool:
        return bool(self.l1 or self.l2 or self.shared_l2)

    def value(self, network: Network) -> float:
        """Returns the penalty of a network's weights, without the one shared by the rows."""
        total = 0.0
        for dense in network.dense:
            if self.l1:
                total += self.l1 * float(np.abs(dense.kernel).sum())
            total += self.l2 * float(np.vdot(dense.kernel, dense.kernel))
        return total

    def shared_value(self, network: Network, size: float) -> float:
        """Returns λ₃ Σ w² / n.

        Args:
            network: Whose weights are penalized.
            size: n, above 0.
        """
        if not self.shared_l2:
            return 0.0
        squares = sum(float(np.vdot(dense.kernel, dense.kernel)) for dense in network.dense)
        return self.shared_l2 * squares / size

    def add_gradient(self, network: Network, size: float = 1.0) -> None:
        """Adds the penalty's gradient to the gradients of the kernels.

        Args:
            network: Whose weights are penalized.
            size: n, above 0.
        """
        l2 = self.l2 + self.shared_l2 / size
        for dense in network.dense:
            if self.l1:
                dense.kernel_grad += self.l1 * np.sign(dense.kernel)
            if l2:
                dense.kernel_grad += (2.0 * l2) * dense.kernel


def bound_norms(network: Network, max_norm: float) -> None:
    """Shortens the weights into each unit, a column w of a kernel, to ‖w‖ ≤ c.

    w becomes w c / ‖w‖ where it is longer. Srivastava et al. 2014, section 5.1 (max-norm).

    Args:
        network: Whose kernels are changed.
        max_norm: c, above 0.
    """
    for dense in network.dense:
        squares = np.einsum("ij,ij->j", dense.kernel, dense.kernel)
        if float(squares.max()) > max_norm * max_norm:
            # In float64 no square of a float32 overflows.
            norms = np.linalg.norm(dense.kernel.astype(np.float64), axis=0)
            dense.kernel *= np.minimum(max_norm / np.maximum(norms, 1e-300), 1.0)
