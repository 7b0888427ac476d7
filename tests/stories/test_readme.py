"""The README is true: its commands run, its Python runs, its tables name all there is."""

import re
import shlex
from itertools import takewhile
from pathlib import Path
from typing import get_args

import pytest
import yaml

from nnscratch.config import Config
from nnscratch.config.settings.datasets import SplitSettings
from nnscratch.data import DATASETS
from tests.conftest import ROOT, Command

TEXT = (ROOT / "README.md").read_text("utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", TEXT, re.DOTALL)


def section(title: str) -> str:
    return TEXT.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def test_the_commands_run_in_order(workplace: Path, nnscratch: Command) -> None:
    lines = [line for block in blocks("sh") for line in block.splitlines()]
    commands = [shlex.split(line, comments=True) for line in lines if line.startswith("nnscratch")]
    assert {arguments[1] for arguments in commands} == {
        "train", "resume", "predict", "evaluate", "plot", "runs", "compare", "verify", "show",
        "validate", "gradcheck", "schema", "init", "explain", "graph", "doctor",
    }  # fmt: skip
    for _, *words in commands:
        if any("mnist" in word for word in words):
            continue  # tests/data/test_mnist.py trains on it, where it is at hand
        arguments = [*takewhile(lambda word: word != ">", words)]
        # The test of the sample output draws all pictures; to draw them of each takes long.
        quick = ["--no-plots"] if arguments[0] in ("train", "resume") else []
        result = nnscratch(*arguments, *quick)
        assert result.code == 0, (arguments, result.err)


def test_the_sample_output_is_what_training_prints(workplace: Path, nnscratch: Command) -> None:
    (sample,) = (block for block in TEXT.split("```") if block.startswith("\ncompleted: "))
    printed = nnscratch("train", "configs/xor.yaml").out

    def without_time(text: str) -> list[list[str]]:
        # Seconds and dates differ; the last digit may, on another processor.
        text = re.sub(r"in \d+\.\d+ s|loss \S+|\d{8}-\d{6}", "", text)
        return [re.sub(r"(\.\d\d)\d+", r"\1", line).split() for line in text.strip().splitlines()]

    assert without_time(printed) == without_time(sample)


def test_the_python_runs(workplace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for source in blocks("python"):
        exec(compile(source, "README.md", "exec"), {})  # noqa: S102 - the README's own words
    *_, shown = capsys.readouterr().out.partition("[[")
    numbers = [float(text) for text in re.findall(r"\d\.\d*", shown)]
    assert numbers[:4] == pytest.approx([0, 1, 1, 0], abs=0.1)
    assert len(list((workplace / "runs").iterdir())) == 1


def test_the_yaml_blocks_are_configs(workplace: Path, nnscratch: Command) -> None:
    for number, block in enumerate(blocks("yaml")):
        path = workplace / f"block{number}.yaml"
        path.write_text(block)
        result = nnscratch("validate", path)
        assert result.code == 0, (block, result.err)


def test_the_xor_config_is_the_shipped_one() -> None:
    assert yaml.safe_load(blocks("yaml")[0]) == yaml.safe_load(
        (ROOT / "configs" / "xor.yaml").read_text()
    )


def test_the_table_of_keys_names_every_key_and_its_default() -> None:
    lines = re.findall(r"^\| (`.*?`) \| (.*?) \|", section("The config"), re.MULTILINE)
    rows = {key: default for keys, default in lines for key in re.findall(r"`(\w+)`", keys)}
    assert rows.keys() == Config.model_fields.keys()
    defaults = Config.model_validate({"dataset": "xor"}).to_dict()
    for key in rows.keys() - {"dataset", "name"}:
        shown = yaml.safe_load(rows[key].strip("`"))
        actual = defaults.get(key)
        assert shown == (actual["name"] if isinstance(actual, dict) else actual), key


def test_the_tables_of_data_name_every_data_set_and_every_key() -> None:
    sets, common = section("The data").split("All but gates and `inline` have these keys too")
    rows = re.findall(r"^\| (`.*?) \| .* \|(.*?)\|$", sets, re.MULTILINE)
    words = [[re.findall(r"`(\w+)`", cell) for cell in row] for row in rows]
    keys = {name: set(own) for names, own in words for name in names}
    assert keys.keys() == DATASETS.keys()
    shared = dict(re.findall(r"^\| `(\w+)` \| `(.*?)` \|", common, re.MULTILINE))
    for model in get_args(get_args(Config.model_fields["dataset"].annotation)[0]):
        own = model.model_fields.keys() - {"name", *SplitSettings.model_fields}
        for name in get_args(model.model_fields["name"].annotation):
            assert keys[name] == own, name
    assert shared.keys() == SplitSettings.model_fields.keys() - {"name"}
    for key in shared.keys() - {"test"}:
        assert shared[key] == str(SplitSettings.model_fields[key].default)


def test_every_config_is_in_the_table() -> None:
    named = set(re.findall(r"`([\w-]+\.yaml)`", TEXT.partition("## The configs")[2]))
    assert named == {path.name for path in (ROOT / "configs").glob("*.yaml")}
