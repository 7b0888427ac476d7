"""Activation functions by name, forward and backward side by side.

Each is elementwise: z is a layer's weighted sum, a = f(z) what the layer passes on. Up to |z| = 10⁶
all stay finite and warn of nothing; all but `exponential`, which says where it ends, are exact to
rounding there.
"""

from nnscratch.nn.activations.base import Activation as Activation
from nnscratch.nn.registry import components, import_modules

import_modules(__name__, __path__)
ACTIVATIONS = components(Activation)
