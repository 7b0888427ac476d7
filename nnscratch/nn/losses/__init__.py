"""Losses by name: each takes the network's logits and the targets and returns (loss, gradient).

The gradient is ∂loss/∂logits. Rows may have weights. A loss that implies an output activation
(sigmoid, softmax) joins the two in one stable formula, so no loss overflows and none takes the
logarithm of zero.
"""

from nnscratch.nn.losses.base import Loss as Loss
from nnscratch.nn.registry import components, import_modules

import_modules(__name__, __path__)
LOSSES = components(Loss)
