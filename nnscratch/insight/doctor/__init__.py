"""What would keep a network from learning, looked for before a long training."""

from nnscratch.insight.doctor.examine import examine
from nnscratch.insight.doctor.finding import Diagnosis, Finding, LayerScale

__all__ = ["Diagnosis", "Finding", "LayerScale", "examine"]
