"""README and docs/ are true: their commands and their Python run, their tables are complete."""

import re
import shlex
from itertools import takewhile
from pathlib import Path
from typing import get_args

import pytest
import yaml

from nnscratch.cli.app import app
from nnscratch.config import Config
from nnscratch.config.settings.datasets import SplitSettings
from nnscratch.data import DATASETS
from nnscratch.plots.kinds import kind_names
from tests.conftest import ROOT, Command

PAGES = {
    path.name: path.read_text("utf-8")
    for path in (ROOT / "README.md", *ROOT.glob("docs/*.md"))
    if path.name != "extending.md"  # tests/stories/test_extending.py runs what it holds
}
README, DATA = PAGES["README.md"], PAGES["data.md"]


def blocks(language: str, text: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)


def commands_in(text: str) -> list[list[str]]:
    """Returns the nnscratch commands of a page, each as the arguments that a shell would pass."""
    lines = [line for block in blocks("sh", text) for line in block.splitlines()]
    words = [shlex.split(line, comments=True) for line in lines if line.startswith("nnscratch")]
    return [[*takewhile(lambda word: word != ">", arguments)] for _, *arguments in words]


# Pages on many training runs take seconds each.
LONG_PAGES = ("commands.md", "many.md", "search.md")


@pytest.mark.parametrize(
    "page",
    [
        pytest.param(name, marks=[pytest.mark.thorough] if name in LONG_PAGES else [])
        for name, text in PAGES.items()
        if commands_in(text)
    ],
)
def test_the_commands_run_in_order(page: str, workplace: Path, nnscratch: Command) -> None:
    for arguments in commands_in(PAGES[page]):
        if any("mnist" in word for word in arguments):
            continue  # tests/data/sources/test_mnist.py trains on it where it is available
        # Drawing every plot takes long; the test of the sample output does it once.
        quick = ["--no-plots"] if arguments[0] in ("train", "resume") else []
        result = nnscratch(*arguments, *quick)
        assert result.code == 0, (arguments, result.err)


def test_the_page_of_commands_shows_every_command() -> None:
    names = {command.callback.__name__ for command in app.registered_commands if command.callback}
    assert {arguments[0] for arguments in commands_in(PAGES["commands.md"])} == names


def test_the_sample_output_is_what_training_prints(workplace: Path, nnscratch: Command) -> None:
    (sample,) = (block for block in README.split("```") if block.startswith("\ncompleted: "))
    printed = nnscratch("train", "configs/xor.yaml").out

    def without_time(text: str) -> list[list[str]]:
        # Seconds and dates differ; the last digit may, on another processor.
        text = re.sub(r"in \d+\.\d+ s|loss \S+|\d{8}-\d{6}", "", text)
        return [re.sub(r"(\.\d\d)\d+", r"\1", line).split() for line in text.strip().splitlines()]

    assert without_time(printed) == without_time(sample)


@pytest.mark.parametrize("page", [name for name, text in PAGES.items() if blocks("python", text)])
def test_the_python_runs(page: str, workplace: Path) -> None:
    for source in blocks("python", PAGES[page]):
        exec(compile(source, page, "exec"), {})  # noqa: S102 - the page's own words


def test_the_python_of_the_readme_learns_xor(
    workplace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (source,) = blocks("python", README)
    exec(compile(source, "README.md", "exec"), {})  # noqa: S102 - the page's own words
    *_, shown = capsys.readouterr().out.partition("[[")
    numbers = [float(text) for text in re.findall(r"\d\.\d*", shown)]
    assert numbers[:4] == pytest.approx([0, 1, 1, 0], abs=0.1)
    assert len(list((workplace / "runs").iterdir())) == 1


@pytest.mark.parametrize("page", ["README.md", "commands.md", "data.md"])
def test_the_yaml_blocks_are_configs(page: str, workplace: Path, nnscratch: Command) -> None:
    for number, block in enumerate(blocks("yaml", PAGES[page])):
        path = workplace / f"block{number}.yaml"
        path.write_text(block if "dataset" in block else f"dataset: xor\n{block}")
        result = nnscratch("validate", path)
        assert result.code == 0, (block, result.err)


def test_the_xor_config_is_the_shipped_one() -> None:
    shipped = yaml.safe_load((ROOT / "configs" / "xor.yaml").read_text())
    assert yaml.safe_load(blocks("yaml", README)[0]) == shipped


def test_the_tables_of_data_name_every_data_set_and_every_key() -> None:
    sets, common = DATA.split("All but gates and `inline` have these keys too")
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
        default = SplitSettings.model_fields[key].default
        assert shared[key] == ("null" if default is None else str(default))


def test_the_table_of_plots_names_every_kind() -> None:
    table = (ROOT / "docs/inside.md").read_text().partition("## Plots")[2].partition("## ")[0]
    assert {*re.findall(r"^\| `(\w+)` \|", table, re.M)} == {*kind_names(), "all"}


def test_the_mathematics_has_as_many_lines_as_the_readme_says() -> None:
    sources = [path.read_text() for path in (ROOT / "nnscratch/nn").rglob("*.py")]
    # Docstrings, comments and empty lines are not counted.
    code = "".join(re.sub(r'^ *"""[\s\S]*?"""$', "", source, flags=re.M) for source in sources)
    count = len(re.findall(r"^ *[^ #\n]", code, re.M))
    (stated,) = re.findall(r"the mathematics is about ([\d,]+) lines", README)
    assert int(stated.replace(",", "")) == pytest.approx(count, rel=0.08)


def test_every_config_is_in_the_table() -> None:
    named = set(re.findall(r"`([\w-]+\.yaml)`", README.partition("## The configs")[2]))
    assert named == {path.name for path in (ROOT / "configs").glob("*.yaml")}


def test_every_link_leads_to_a_file() -> None:
    for name, text in PAGES.items():
        folder = ROOT if name == "README.md" else ROOT / "docs"
        for target in re.findall(r"\]\(([^)]+)\)", text):
            if target.startswith("https://"):
                continue
            file, _, anchor = target.partition("#")
            assert not file or (folder / file).exists(), (name, target)
            headings = [h.lower().replace(" ", "-") for h in re.findall(r"^#+ (.+)$", text, re.M)]
            assert not anchor or anchor in headings, (name, target)
