"""From a config to data and a model that are ready to train."""

from nnscratch.experiment.experiment import Experiment
from nnscratch.experiment.prepare import prepare

__all__ = ["Experiment", "prepare"]
