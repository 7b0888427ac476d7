"""Training runs: from an experiment to a finished run directory, and on from there."""
