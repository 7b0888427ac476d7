"""nnscratch: multi-layer perceptrons in plain NumPy.

From Python, `Network` and `fit` train on arrays, `load_config`, `prepare` and `train` do what the
command line does, and `Model` loads what a run saved. The names are imported when they are used, so
that `nnscratch --help` need not wait for NumPy.
"""

from ast import If, ImportFrom, parse
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nnscratch.version import __version__ as __version__

if TYPE_CHECKING:  # the public names, which type checkers see and others get when they ask
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


@cache
def _homes() -> dict[str, tuple[str, str]]:
    """Returns the module of each public name and its name there, read from the imports above."""
    statements = parse(Path(__file__).read_text("utf-8")).body
    block = next(statement for statement in statements if isinstance(statement, If))
    homes = {
        alias.name: (node.module or "", alias.name)
        for node in block.body
        if isinstance(node, ImportFrom)
        for alias in node.names
    }
    homes["load_config"] = homes.pop("load")  # as `load` alone, it would not say what
    return homes


def __getattr__(name: str) -> Any:
    if name == "__all__":
        return sorted(_homes())
    if name not in _homes():
        raise AttributeError(f"module 'nnscratch' has no attribute {name!r}")
    module, attribute = _homes()[name]
    return getattr(import_module(module), attribute)


def __dir__() -> list[str]:
    return sorted([*globals(), *_homes()])
