"""nnscratch: multi-layer perceptrons in plain NumPy.

From Python, `Network` and `fit` train on arrays, `load_config`, `prepare` and `train` do what the
command line does, and `Model` loads what a run saved. The names are imported when they are used, so
that `nnscratch --help` need not wait for NumPy.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from nnscratch.version import __version__ as __version__

if TYPE_CHECKING:  # the public names, which type checkers see and others get when they ask
    from nnscratch.config import load
    from nnscratch.errors import NNScratchError as NNScratchError
    from nnscratch.experiment.prepare import prepare as prepare
    from nnscratch.model.ensemble import Ensemble as Ensemble
    from nnscratch.model.loading import load_model as load_model
    from nnscratch.model.model import Model as Model
    from nnscratch.nn.evaluation import evaluate as evaluate
    from nnscratch.nn.inspection.gradcheck import check_gradients as check_gradients
    from nnscratch.nn.network import Network as Network
    from nnscratch.nn.optimizers.first_order import SGD as SGD
    from nnscratch.nn.optimizers.first_order import Adagrad as Adagrad
    from nnscratch.nn.optimizers.first_order import Adam as Adam
    from nnscratch.nn.optimizers.first_order import AdamW as AdamW
    from nnscratch.nn.optimizers.first_order import Nadam as Nadam
    from nnscratch.nn.optimizers.first_order import RMSprop as RMSprop
    from nnscratch.nn.optimizers.lbfgs import LBFGS as LBFGS
    from nnscratch.nn.optimizers.rprop import Rprop as Rprop
    from nnscratch.nn.training.averaging import Average as Average
    from nnscratch.nn.training.early_stopping import EarlyStopping as EarlyStopping
    from nnscratch.nn.training.epoch import EpochRecord as EpochRecord
    from nnscratch.nn.training.fit import fit as fit
    from nnscratch.nn.training.keep_best import KeepBest as KeepBest
    from nnscratch.nn.training.penalties import Penalty as Penalty
    from nnscratch.search.start import train_many as train_many
    from nnscratch.training.start import train as train

    load_config = load


# Where each public name is found.
_MODULES = {
    "Adagrad": "nn.optimizers.first_order",
    "Adam": "nn.optimizers.first_order",
    "AdamW": "nn.optimizers.first_order",
    "Average": "nn.training.averaging",
    "EarlyStopping": "nn.training.early_stopping",
    "Ensemble": "model.ensemble",
    "EpochRecord": "nn.training.epoch",
    "KeepBest": "nn.training.keep_best",
    "LBFGS": "nn.optimizers.lbfgs",
    "Model": "model.model",
    "NNScratchError": "errors",
    "Nadam": "nn.optimizers.first_order",
    "Network": "nn.network",
    "Penalty": "nn.training.penalties",
    "RMSprop": "nn.optimizers.first_order",
    "Rprop": "nn.optimizers.rprop",
    "SGD": "nn.optimizers.first_order",
    "check_gradients": "nn.inspection.gradcheck",
    "evaluate": "nn.evaluation",
    "fit": "nn.training.fit",
    "load_config": "config",
    "load_model": "model.loading",
    "prepare": "experiment.prepare",
    "train": "training.start",
    "train_many": "search.start",
}
__all__ = list(_MODULES)


def __getattr__(name: str) -> object:
    if name not in _MODULES:
        raise AttributeError(f"module 'nnscratch' has no attribute {name!r}")
    module = import_module(f"nnscratch.{_MODULES[name]}")
    return getattr(module, "load" if name == "load_config" else name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
