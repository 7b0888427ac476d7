"""The JSON Schema and the reference say what the config says, and their files are up to date."""

import json
import re
from typing import Any

import jsonschema
import pytest
from pydantic import ValidationError

from nnscratch.config import Config
from nnscratch.config.docs.json_schema import json_schema
from nnscratch.config.docs.reference import reference
from nnscratch.config.reading.document import parse
from nnscratch.config.settings.base import KEY_ALIASES, NAME_ALIASES, TASK_ALIASES
from nnscratch.errors import Place
from tests.conftest import ROOT, Command

CONFIGS = sorted((ROOT / "configs").glob("*.yaml"))
SCHEMA = json_schema()
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


def test_the_schema_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


def test_the_files_are_what_the_command_prints(nnscratch: Command) -> None:
    assert (ROOT / "configs/schema.json").read_text("utf-8") == nnscratch("schema").out
    page = nnscratch("schema", "--format", "markdown").out
    assert (ROOT / "docs/config.md").read_text("utf-8") == page == reference()


@pytest.mark.parametrize("path", CONFIGS, ids=lambda path: path.stem)
def test_a_shipped_config_fits_the_schema_that_it_names(path: Any) -> None:
    first, *_ = path.read_text("utf-8").splitlines()
    assert first == "# yaml-language-server: $schema=schema.json"
    VALIDATOR.validate(parse(path.read_text("utf-8"), Place(path.name)).data)


GOOD: list[dict[str, Any]] = [
    {},
    {"optimizer": {"beta_1": 0.8}},
    {"optimizer": {"name": "sgd", "momentum": 0.9}},
    {"architecture": [3, {"units": 2, "batch_norm": True, "activation": "tanh"}]},
    {"architecture": []},
    {"batch_norm": True},
    {"batch_norm": {"momentum": 0.5}},
    {"early_stopping": 3},
    {"early_stopping": {"monitor": "loss"}},
    {"early_stopping": None},
    {"average": 0.5},
    {"class_weight": "balanced"},
    {"class_weight": {"rare": 5}},
    {"batch_size": "full", "threads": 2},
    {"schedule": {"name": "cosine", "warmup_epochs": 2}},
    {"initializer": {"name": "normal", "stddev": 0.1}},
    {"dataset": {"name": "xor", "inputs": 3}},
    {"dataset": {"name": "csv", "path": "a.csv", "target": ["a", "b"]}},
    {"dataset": {"name": "moons", "validation": 0.2, "test": 10}},
]
BAD: list[dict[str, Any]] = [
    {"epoch": 3},
    {"epochs": 0},
    {"epochs": "3"},
    {"learning_rate": 0},
    {"dataset": "xorr"},
    {"dataset": "csv"},
    {"dataset": {"inputs": 2}},
    {"dataset": {"name": "csv", "path": "a.csv"}},
    {"optimizer": {"name": "sgd", "beta_1": 0.5}},
    {"optimizer": 3},
    {"architecture": [0]},
    {"architecture": 8},
    {"activation": {"negative_slope": 0.1}},
    {"batch_norm": 1},
    {"early_stopping": 0},
    {"average": 1.0},
    {"class_weight": {"rare": -1}},
    {"batch_size": "half"},
    {"dtype": "float16"},
]


@pytest.mark.parametrize("settings", GOOD, ids=str)
def test_schema_and_config_take_the_same(settings: dict[str, Any]) -> None:
    config = {"dataset": "xor", **settings}
    Config.model_validate(config)
    VALIDATOR.validate(config)


@pytest.mark.parametrize("settings", BAD, ids=str)
def test_schema_and_config_refuse_the_same(settings: dict[str, Any]) -> None:
    config = {"dataset": "xor", **settings}
    with pytest.raises(ValidationError):
        Config.model_validate(config)
    assert not VALIDATOR.is_valid(config)


def test_other_names_are_understood_by_the_schema_too() -> None:
    values = {"learning_rate": 0.1, "seed": 1, "optimizer": "sgd", "architecture": [3]}
    for alias, key in KEY_ALIASES.items():
        VALIDATOR.validate({"dataset": "xor", alias: values.get(key, True)})
    losses = {"bce", "binary_crossentropy", "mse", "mae", "categorical_crossentropy"}
    for alias in losses & NAME_ALIASES.keys():
        VALIDATOR.validate({"dataset": "xor", "loss": alias})


@pytest.mark.parametrize(("alias", "task"), TASK_ALIASES.items())
def test_a_task_can_be_called_what_it_was_called_before(alias: str, task: str) -> None:
    table = {"name": "csv", "path": "a.csv", "target": "y"}
    config = {"dataset": {**table, "task": alias}}
    VALIDATOR.validate(config)
    now = {"dataset": {**table, "task": task}}
    assert Config.model_validate(config) == Config.model_validate(now)
    assert not VALIDATOR.is_valid({"dataset": {**table, "task": "ranking"}})


def rows() -> list[tuple[str, str, str]]:
    """Returns the section, the key and the example of each row of the reference."""
    found, section = [], ""
    for line in reference().splitlines():
        if line.startswith("## "):
            section = line.removeprefix("## ")
        cells = re.split(r"(?<!\\)\|", line)
        if len(cells) == 8 and cells[1].strip().startswith("`"):
            found.append((section, cells[1].strip(" `"), cells[6].strip(" `")))
    return found


NEEDED: dict[str, dict[str, Any]] = {
    "openml": {"data_name": "x"},
    "csv": {"path": "a.csv", "target": "price"},
    "npz": {"path": "a.npz"},
    "idx": {"path": "folder"},
    "inline": {"inputs": [[0, 1], [1, 0]], "targets": ["a", "b"]},
}


@pytest.mark.parametrize(("section", "key", "example"), rows())
def test_an_example_of_the_reference_is_valid(section: str, key: str, example: str) -> None:
    part = parse(example, Place("the example")).data
    assert list(part) == [key]
    owner, _, names = section.partition(": ")
    name = names.split(", ")[0]
    if section.startswith("parts of architecture"):
        part = {"architecture": [{"units": 3, **part}]}
    elif section == "parts of search.space":
        spread = {"choice": [1]} if key in ("when", "points") else {}
        part = {"search": {"space": {"epochs": {**spread, **part}}}}
    elif section == "parts of search":
        part = {"search": {"space": {"epochs": {"choice": [1]}}, **part}}
    elif section.startswith("parts of "):
        part = {section.removeprefix("parts of "): part}
    elif name:
        momentum = {"momentum": 0.9} if key == "nesterov" else {}
        needed = {} if key == "data_id" else NEEDED.get(name, {})
        part = {owner: {"name": name, **needed, **momentum, **part}}
    VALIDATOR.validate({"dataset": "xor", **part})
    Config.model_validate({"dataset": "xor", **part})


def test_every_key_is_described() -> None:
    def check(node: Any, path: str) -> None:
        if isinstance(node, dict):
            for key, value in (node.get("properties") or {}).items():
                assert key == "name" or value.get("description"), f"{path}.{key}"
            for key, value in node.items():
                check(value, f"{path}.{key}")
        elif isinstance(node, list):
            for value in node:
                check(value, path)

    check(json.loads(json.dumps(SCHEMA)), "")
