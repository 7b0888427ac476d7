"""The environment that is recorded with a run."""

import platform

import numpy as np

from nnscratch.runs.environment import read_environment
from nnscratch.version import __version__


def test_it_names_what_computes_the_numbers() -> None:
    environment = read_environment()
    assert environment.versions == {
        "nnscratch": __version__,
        "numpy": np.__version__,
        "python": platform.python_version(),
    }
    assert environment.blas["internal_api"]
    assert environment.threads is not None
    assert environment.threads >= 1
    assert platform.machine() in environment.platform


def test_its_names_are_those_of_the_record() -> None:
    from nnscratch.runs import RunRecord

    assert set(read_environment()._fields) <= RunRecord.model_fields.keys()
