"""What a config says of each step of its training: optimizer, penalty and factors of the rate."""

from nnscratch.config import Config
from nnscratch.nn.optimizers import OPTIMIZERS
from nnscratch.nn.optimizers.base import Optimizer
from nnscratch.nn.registry import create
from nnscratch.nn.training.penalties import Penalty
from nnscratch.nn.training.rate_factors import RateFactors


def build_optimizer(config: Config) -> Optimizer:
    """Returns a new optimizer, which has made no step."""
    return create(OPTIMIZERS, config.optimizer.model_dump())


def build_penalty(config: Config) -> Penalty:
    """Returns what is added to the loss; it may be nothing."""
    return Penalty(config.l1, config.l2)


def build_rate_factors(config: Config) -> RateFactors | None:
    """Returns the factors of the learning rate that a config gives, if it gives any."""
    return RateFactors(**config.rate_factors.model_dump()) if config.rate_factors else None
