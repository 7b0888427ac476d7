"""How a search chooses its points."""

from importlib.util import find_spec

from nnscratch.errors import UsageError
from nnscratch.search.samplers.base import Sampler
from nnscratch.search.samplers.grid import GridSampler
from nnscratch.search.samplers.random import RandomSampler
from nnscratch.search.samplers.sobol import SobolSampler
from nnscratch.search.samplers.tpe import TpeSampler
from nnscratch.search.space import Space


def create_sampler(name: str, space: Space, seed: int) -> Sampler:
    """Returns a sampler by its name in a config.

    Raises:
        UsageError: It needs a package that is not installed.
    """
    if name == "tpe" and find_spec("optuna") is None:
        raise UsageError('sampler tpe needs Optuna: pip install "nnscratch[search]"')
    samplers: dict[str, type[Sampler]] = {
        "random": RandomSampler,
        "grid": GridSampler,
        "sobol": SobolSampler,
        "tpe": TpeSampler,
    }
    return samplers[name](space, seed)
