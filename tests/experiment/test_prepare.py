"""From a config to an experiment: each step once."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from nnscratch import load_config
from nnscratch.experiment import prepare
from nnscratch.experiment.loading import load_dataset

STEPS = (
    "load_dataset",
    "fill_defaults",
    "choose_encoding",
    "check_fit",
    "fit_preprocessing",
    "build_network",
)


def test_each_step_is_taken_once_and_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    taken: list[str] = []

    def record(step: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **named: Any) -> Any:
            taken.append(step)
            return function(*arguments, **named)

        return call

    names = prepare.__globals__
    for step in STEPS:
        monkeypatch.setitem(names, step, record(step, names[step]))
    Path("mine.yaml").write_text("dataset: xor\n")
    prepare(load_config("mine.yaml"))
    assert taken == list(STEPS)


def test_data_that_is_given_is_not_loaded_again() -> None:
    Path("mine.yaml").write_text("dataset: moons\n")
    config = load_config("mine.yaml")
    dataset = load_dataset(config)
    given = prepare(config, dataset=dataset)
    loaded = prepare(config)
    assert given.dataset is dataset
    assert given.config == loaded.config
    assert given.data_fingerprint == loaded.data_fingerprint
    weights = loaded.model.network.params.flat.tobytes()
    assert given.model.network.params.flat.tobytes() == weights
