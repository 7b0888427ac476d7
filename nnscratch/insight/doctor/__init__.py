"""What would keep a network from learning, looked for before a long training run."""

from nnscratch.insight.doctor.examination import Diagnosis, examine, examine_run
from nnscratch.insight.doctor.finding import Finding

__all__ = ["Diagnosis", "Finding", "examine", "examine_run"]
