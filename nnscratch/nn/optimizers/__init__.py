"""Optimizers by name, sorted in order of increasing complexity."""

from nnscratch.nn.optimizers.base import Optimizer
from nnscratch.nn.optimizers.first_order import SGD, Adagrad, Adam, AdamW, Nadam, RMSprop
from nnscratch.nn.optimizers.lbfgs import LBFGS
from nnscratch.nn.optimizers.rprop import Rprop

OPTIMIZERS: dict[str, type[Optimizer]] = {
    "sgd": SGD,
    "rprop": Rprop,
    "adagrad": Adagrad,
    "rmsprop": RMSprop,
    "adam": Adam,
    "adamw": AdamW,
    "nadam": Nadam,
    "lbfgs": LBFGS,
}
