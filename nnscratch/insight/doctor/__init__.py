"""What would keep a network from learning, looked for before a long training run."""

from nnscratch.insight.doctor.examination import Diagnosis, examine
from nnscratch.insight.doctor.finding import Finding

__all__ = ["Diagnosis", "Finding", "examine"]
