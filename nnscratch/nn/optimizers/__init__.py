"""Optimizers by name."""

from nnscratch.nn.optimizers.base import Optimizer
from nnscratch.nn.registry import components, import_modules

import_modules(__name__, __path__)
OPTIMIZERS = components(Optimizer)
