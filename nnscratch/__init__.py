"""nnscratch: multi-layer perceptrons in plain NumPy.

From Python, `Network` and `fit` train on arrays, `load_config`, `prepare` and `train` do what the
command line does, and `Model` loads what a run saved. The names are imported when they are used, so
that `nnscratch --help` need not wait for NumPy.
"""

from importlib import import_module
from typing import TYPE_CHECKING

__version__ = "0.1.0"

if TYPE_CHECKING:
    from nnscratch.config import load as load_config
    from nnscratch.errors import NNScratchError
    from nnscratch.experiment import train
    from nnscratch.model import Model
    from nnscratch.nn.averaging import Average
    from nnscratch.nn.evaluation import evaluate
    from nnscratch.nn.gradcheck import check_gradients
    from nnscratch.nn.lbfgs import LBFGS
    from nnscratch.nn.network import Network
    from nnscratch.nn.optimizers import SGD, Adagrad, Adam, AdamW, Nadam, RMSprop
    from nnscratch.nn.penalties import Penalty
    from nnscratch.nn.rprop import Rprop
    from nnscratch.nn.training import EpochRecord, fit
    from nnscratch.preparation import prepare

_HOMES = {
    "load_config": ("nnscratch.config", "load"),
    "NNScratchError": ("nnscratch.errors", "NNScratchError"),
    "prepare": ("nnscratch.preparation", "prepare"),
    "train": ("nnscratch.experiment", "train"),
    "Model": ("nnscratch.model", "Model"),
    "Average": ("nnscratch.nn.averaging", "Average"),
    "Penalty": ("nnscratch.nn.penalties", "Penalty"),
    "check_gradients": ("nnscratch.nn.gradcheck", "check_gradients"),
    "Network": ("nnscratch.nn.network", "Network"),
    "LBFGS": ("nnscratch.nn.lbfgs", "LBFGS"),
    "SGD": ("nnscratch.nn.optimizers", "SGD"),
    "Adagrad": ("nnscratch.nn.optimizers", "Adagrad"),
    "Adam": ("nnscratch.nn.optimizers", "Adam"),
    "AdamW": ("nnscratch.nn.optimizers", "AdamW"),
    "Nadam": ("nnscratch.nn.optimizers", "Nadam"),
    "RMSprop": ("nnscratch.nn.optimizers", "RMSprop"),
    "Rprop": ("nnscratch.nn.rprop", "Rprop"),
    "EpochRecord": ("nnscratch.nn.training", "EpochRecord"),
    "evaluate": ("nnscratch.nn.evaluation", "evaluate"),
    "fit": ("nnscratch.nn.training", "fit"),
}

__all__ = [
    "LBFGS",
    "SGD",
    "Adagrad",
    "Adam",
    "AdamW",
    "Average",
    "EpochRecord",
    "Model",
    "NNScratchError",
    "Nadam",
    "Network",
    "Penalty",
    "RMSprop",
    "Rprop",
    "check_gradients",
    "evaluate",
    "fit",
    "load_config",
    "prepare",
    "train",
]


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'nnscratch' has no attribute {name!r}")
    module, attribute = _HOMES[name]
    return getattr(import_module(module), attribute)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
