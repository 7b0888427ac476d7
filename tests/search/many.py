"""Directories of many runs for the tests of this room, made as quickly as they can be."""

from pathlib import Path

from nnscratch import load_config
from nnscratch.search.many_run import ManyRun
from nnscratch.search.plan import Plan
from nnscratch.search.start import start_many

IRIS = "dataset: iris\nepochs: 3\nlearning_rate: 0.05\n"
OWN_VALIDATION = """
dataset: {name: iris, validation: 0.2}
epochs: 3
learning_rate: 0.05
ensemble: 3
own_validation: true
"""
XOR = "dataset: xor\nepochs: 20\narchitecture: [4]\nlearning_rate: 0.1\n"


def begin(folder: Path, text: str, plan: Plan) -> ManyRun:
    """Returns many runs of a config, not entered yet; they will be in `folder`/runs."""
    (folder / "c.yaml").write_text(text)
    return start_many(load_config(folder / "c.yaml"), plan, folder / "runs")


def carry_out(many: ManyRun, *, until: int | None = None) -> list[str]:
    """Carries out the runs that are left, or the first of them; returns their names."""
    names = []
    with many as parts:
        for part in parts:
            with part.run as run:
                for _ in run:
                    pass
            names.append(part.name)
            if len(names) == until:
                many.stop("stopped by the test")
    return names


def train_many(folder: Path, text: str, plan: Plan) -> Path:
    """Carries out all runs and returns their directory."""
    many = begin(folder, text, plan)
    carry_out(many)
    return many.path
