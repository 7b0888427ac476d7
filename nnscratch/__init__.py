"""nnscratch: multi-layer perceptrons in plain NumPy.

From Python, `Network` and `fit` train on arrays, `load_config`, `prepare` and `train` do what the
command line does, and `Model` loads what a run saved. The names are imported when they are used, so
that `nnscratch --help` need not wait for NumPy.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from nnscratch.version import __version__ as __version__

if TYPE_CHECKING:  # the names below, for type checkers
    from nnscratch.config import load
    from nnscratch.errors import NNScratchError as NNScratchError
    from nnscratch.experiment.prepare import prepare as prepare
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
    from nnscratch.training.start import train as train

    load_config = load

# Each public name, and where it is found.
_PUBLIC = {
    "Adagrad": "nnscratch.nn.optimizers.first_order.Adagrad",
    "Adam": "nnscratch.nn.optimizers.first_order.Adam",
    "AdamW": "nnscratch.nn.optimizers.first_order.AdamW",
    "Average": "nnscratch.nn.training.averaging.Average",
    "EarlyStopping": "nnscratch.nn.training.early_stopping.EarlyStopping",
    "EpochRecord": "nnscratch.nn.training.epoch.EpochRecord",
    "KeepBest": "nnscratch.nn.training.keep_best.KeepBest",
    "LBFGS": "nnscratch.nn.optimizers.lbfgs.LBFGS",
    "Model": "nnscratch.model.model.Model",
    "NNScratchError": "nnscratch.errors.NNScratchError",
    "Nadam": "nnscratch.nn.optimizers.first_order.Nadam",
    "Network": "nnscratch.nn.network.Network",
    "Penalty": "nnscratch.nn.training.penalties.Penalty",
    "RMSprop": "nnscratch.nn.optimizers.first_order.RMSprop",
    "Rprop": "nnscratch.nn.optimizers.rprop.Rprop",
    "SGD": "nnscratch.nn.optimizers.first_order.SGD",
    "check_gradients": "nnscratch.nn.inspection.gradcheck.check_gradients",
    "evaluate": "nnscratch.nn.evaluation.evaluate",
    "fit": "nnscratch.nn.training.fit.fit",
    "load_config": "nnscratch.config.load",
    "prepare": "nnscratch.experiment.prepare.prepare",
    "train": "nnscratch.training.start.train",
}

__all__ = list(_PUBLIC)


def __getattr__(name: str) -> object:
    if name not in _PUBLIC:
        raise AttributeError(f"module 'nnscratch' has no attribute {name!r}")
    module, _, attribute = _PUBLIC[name].rpartition(".")
    return getattr(import_module(module), attribute)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
