"""What docs/json.md says of the JSON of each command is what it prints, and all that it prints."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from nnscratch.cli.app import app
from nnscratch.model.evaluation import evaluate_split
from nnscratch.model.model import Model
from tests.conftest import ROOT, Command
from tests.searching import write_config

PAGE = (ROOT / "docs" / "json.md").read_text("utf-8")
SECTIONS = {
    heading: re.findall(r"^\| `(.+?)` \| (.+) \|$", text, re.MULTILINE)
    for heading, text in re.findall(r"^## (.+?)\n(.*?)(?=^## |\Z)", PAGE, re.M | re.S)
}
OBJECTS = {"a run", "a mistake"}
# Keys and items of lists, as in `runs[].final.*`.
Path_ = tuple[str, ...]


def parts(path: str) -> Path_:
    return tuple(re.findall(r"[^.\[\]]+|\[\]", path))


def documented(section: str, prefix: Path_ = ()) -> dict[Path_, str]:
    """The paths that a section describes, with those of the objects that it refers to."""
    link = re.compile(r"\[a (run|mistake)\]\(#a-\1\)", re.I)
    rows: dict[Path_, str] = {}
    for key, text in SECTIONS[section] or [("", PAGE.partition(f"\n## {section}\n")[2][:40])]:
        path = prefix + parts(key)
        refers = link.search(text)
        if key or not refers:
            rows[path] = text
        if refers:
            rows |= documented(f"a {refers[1].lower()}", path)
    return rows


def printed(value: Any, path: Path_ = ()) -> Iterator[Path_]:
    """The paths of a document down to its texts and numbers, and to what is empty."""
    if isinstance(value, dict) and value:
        for key, part in value.items():
            yield from printed(part, (*path, key))
    elif isinstance(value, list) and value:
        for part in value:
            yield from printed(part, (*path, "[]"))
    else:
        yield path


def fits(path: Path_, pattern: Path_) -> bool:
    pairs = zip(path, pattern, strict=False)
    return all(known in ("*", key) for key, known in pairs)


def is_described(path: Path_, patterns: list[Path_]) -> bool:
    """Whether a path is documented, or is what stands where the documented parts are missing."""
    return any(fits(path, p) and (len(p) >= len(path) or p[-1] == "*") for p in patterns)


def check(command: str, *documents: Any, unseen: tuple[str, ...] = ()) -> None:
    """Compares documents with the page; `unseen` are paths that none of them happens to have."""
    rows = documented(command)
    paths = {path for document in documents for path in printed(document)}
    for path in paths:
        assert is_described(path, [*rows]), path
    for pattern in rows:
        is_seen = any(fits(path, pattern) and len(path) >= len(pattern) for path in paths)
        assert is_seen != (pattern in map(parts, unseen)), pattern
    sometimes = {path[0] for path, text in rows.items() if text.startswith("only")}
    always = {path[0] for path in rows} - {*sometimes, "[]"}
    assert all(document.keys() >= always for document in documents if always)


@pytest.fixture
def as_json(nnscratch: Command) -> Any:
    def run(*arguments: object, code: int = 0) -> Any:
        result = nnscratch(*arguments, "--format", "json")
        assert result.code == code, result.err

        def refuse(constant: str) -> None:
            raise AssertionError(constant)

        return json.loads(result.out, parse_constant=refuse)  # one document and nothing else

    return run


MOONS = "dataset: {name: moons, samples: 60, validation: 10}\nepochs: 3\n"
TWO_NUMBERS = (
    "dataset: {name: inline, inputs: [[0], [1], [2]], targets: [[0, 1], [1, 2], [3, 1]]}\n"
    "epochs: 3\n"
)
NO_PROBABILITIES = (
    "dataset: {name: inline, inputs: [[0], [1], [2]], targets: [a, b, a]}\nloss: mse\nepochs: 2\n"
)


def test_runs_are_documented(workplace: Path, as_json: Any) -> None:
    Path("moons.yaml").write_text(MOONS)
    options = ["--no-plots", "--tag", "a", "--note", "b"]
    first = as_json("train", "moons.yaml", *options)
    repeat = ["configs/xor.yaml", "--repeat", "2", "epochs=3", "--no-plots", "--name", "many"]
    many = [as_json("train", *repeat), as_json("train", *repeat, "learning_rate=0.1")]
    check("train", first, *many)
    differences = as_json("compare", *(one["run"] for one in many))
    check("verify", as_json("verify", many[0]["run"]), unseen=("different.*", "changes[]"))
    resumed = as_json("resume", "moons", "epochs=5", "--no-plots")
    check("resume", resumed, as_json("resume", "many", "--no-plots"))
    check("note", as_json("note", "moons"))
    unseen = ("run.many.*", "run.many.scores.*.*")
    shown = as_json("show", "moons")
    check("show", shown, as_json("show", "configs/xor.yaml"), unseen=unseen)
    assert (shown["run"]["started"], shown["run"]["epochs"]) == (first["started"], 5)
    verified = as_json("verify", "moons")
    check("verify", verified, unseen=("different.*", "changes[]", "made_of_runs", "runs[]"))
    as_json("train", "configs/xor.yaml", "epochs=2", "--no-plots")
    check("compare", as_json("compare", "moons", "xor"), differences)
    searched = as_json("search", write_config(workplace, "trials: 1"), "--no-plots")
    check("search", searched)
    listed = as_json("runs")
    pruned = as_json("runs", "--name", "xor", "--prune", "--yes")
    check("runs", listed, pruned, unseen=("kept[]",))
    assert as_json("runs") == {"runs": [*listed["runs"][:3], listed["runs"][4]]}


def test_configs_are_documented(workplace: Path, as_json: Any) -> None:
    Path("bad.yaml").write_text("dataset: xor\nepochs: 0\n")
    warned = as_json("validate", "configs/xor.yaml", "learning_rate=5")
    check("validate", warned, as_json("validate", "bad.yaml", code=2))
    check("doctor", as_json("doctor", "configs/xor.yaml", "epochs=1"))
    check("gradcheck", as_json("gradcheck", "configs/xor.yaml"))
    check("explain", as_json("explain", "configs/xor.yaml"))
    check("init", as_json("init", "xor", "--output", "a.yaml"), as_json("init"))


def test_predictions_are_documented(workplace: Path, as_json: Any) -> None:
    evaluated, predicted = [], []
    for name, text in (("moons", MOONS), ("two", TWO_NUMBERS), ("plain", NO_PROBABILITIES)):
        Path(f"{name}.yaml").write_text(text)
        run = as_json("train", f"{name}.yaml", "--no-plots")["run"]
        evaluated.append(as_json("evaluate", run))
        predicted += as_json("predict", run, "--columns")
    check("evaluate", *evaluated)
    check("predict", predicted)


def test_numbers_have_all_their_digits(trained: Path, as_json: Any) -> None:
    from nnscratch import load_config, prepare

    train = prepare(load_config("configs/xor.yaml")).dataset.splits["train"]
    loss = evaluate_split(Model.load(trained), "train", train).scores["loss"]
    assert as_json("evaluate", "latest")["loss"] == loss
    assert as_json("show", "latest")["run"]["final"] == as_json("runs")["runs"][0]["final"]


def test_a_run_that_diverges_has_its_document_and_its_error(
    workplace: Path, nnscratch: Command
) -> None:
    changes = ["learning_rate=1e6", "optimizer=sgd", "activation=linear", "epochs=30"]
    config = "configs/diabetes.yaml"
    result = nnscratch("train", config, *changes, "--no-plots", "--format", "json")
    assert result.code == 1
    assert json.loads(result.out)["status"] == "diverged"
    assert "error: " in result.err


def test_an_error_leaves_stdout_empty(workplace: Path, nnscratch: Command) -> None:
    for arguments in (["show", "nowhere"], ["train", "nowhere.yaml"], ["evaluate", "nowhere"]):
        result = nnscratch(*arguments, "--format", "json")
        assert (result.code, result.out) == (2, "")
        assert result.err.startswith("error: ")


def test_every_command_with_json_is_on_the_page(nnscratch: Command) -> None:
    names = [command.callback.__name__ for command in app.registered_commands if command.callback]
    with_json = {
        name for name in names if re.search(r"--format <.*json", nnscratch(name, "--help").out)
    }
    # What `schema` prints is a JSON Schema.
    assert with_json - {"schema"} == SECTIONS.keys() - OBJECTS
