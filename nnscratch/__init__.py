"""nnscratch: multi-layer perceptrons in plain NumPy.

From Python, `Network` and `fit` train on arrays, `load_config`, `prepare` and `train` do what the
command line does, and `Model` loads what a run saved. The names are imported when they are used, so
that `nnscratch --help` need not wait for NumPy.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from nnscratch.version import __version__ as __version__

if TYPE_CHECKING:
    from nnscratch.config import load as load_config
    from nnscratch.errors import NNScratchError
    from nnscratch.experiment.prepare import prepare
    from nnscratch.model.model import Model
    from nnscratch.nn.evaluation import evaluate
    from nnscratch.nn.inspection.gradcheck import check_gradients
    from nnscratch.nn.network import Network
    from nnscratch.nn.optimizers.first_order import SGD, Adagrad, Adam, AdamW, Nadam, RMSprop
    from nnscratch.nn.optimizers.lbfgs import LBFGS
    from nnscratch.nn.optimizers.rprop import Rprop
    from nnscratch.nn.training.averaging import Average
    from nnscratch.nn.training.early_stopping import EarlyStopping
    from nnscratch.nn.training.epoch import EpochRecord
    from nnscratch.nn.training.fit import fit
    from nnscratch.nn.training.keep_best import KeepBest
    from nnscratch.nn.training.penalties import Penalty
    from nnscratch.training.start import train

_HOMES = {
    "load_config": ("nnscratch.config", "load"),
    "NNScratchError": ("nnscratch.errors", "NNScratchError"),
    "prepare": ("nnscratch.experiment.prepare", "prepare"),
    "train": ("nnscratch.training.start", "train"),
    "Model": ("nnscratch.model.model", "Model"),
    "Average": ("nnscratch.nn.training.averaging", "Average"),
    "EarlyStopping": ("nnscratch.nn.training.early_stopping", "EarlyStopping"),
    "KeepBest": ("nnscratch.nn.training.keep_best", "KeepBest"),
    "Penalty": ("nnscratch.nn.training.penalties", "Penalty"),
    "check_gradients": ("nnscratch.nn.inspection.gradcheck", "check_gradients"),
    "Network": ("nnscratch.nn.network", "Network"),
    "LBFGS": ("nnscratch.nn.optimizers.lbfgs", "LBFGS"),
    "SGD": ("nnscratch.nn.optimizers.first_order", "SGD"),
    "Adagrad": ("nnscratch.nn.optimizers.first_order", "Adagrad"),
    "Adam": ("nnscratch.nn.optimizers.first_order", "Adam"),
    "AdamW": ("nnscratch.nn.optimizers.first_order", "AdamW"),
    "Nadam": ("nnscratch.nn.optimizers.first_order", "Nadam"),
    "RMSprop": ("nnscratch.nn.optimizers.first_order", "RMSprop"),
    "Rprop": ("nnscratch.nn.optimizers.rprop", "Rprop"),
    "EpochRecord": ("nnscratch.nn.training.epoch", "EpochRecord"),
    "evaluate": ("nnscratch.nn.evaluation", "evaluate"),
    "fit": ("nnscratch.nn.training.fit", "fit"),
}

__all__ = [
    "LBFGS",
    "SGD",
    "Adagrad",
    "Adam",
    "AdamW",
    "Average",
    "EarlyStopping",
    "EpochRecord",
    "KeepBest",
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
