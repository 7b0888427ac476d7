"""With several config files, each mistake is reported in the file that contains it.

The files of a data set are found relative to the config that names them.
"""

from pathlib import Path

import pytest

from nnscratch.config import load
from nnscratch.errors import ConfigError
from tests.config.reading.test_overrides import NAMES, XOR, merged, problems_of_files
from tests.conftest import Command

TABLE = "a,kind\n1,x\n2,y\n3,x\n4,y\n5,x\n6,y\n"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


# The lower and the upper file; a § marks the place that is reported, in either file.
MISPLACED = [
    ("dataset: xor\n§epochs: 0\n", "seed: 1\n", "`epochs`"),
    ("dataset: xor\nseed: 1\n", "\n§epochs: 0\n", "`epochs`"),
    ("dataset: xor\nepochs: 5\n", "# c\n§epochs: 0\n", "`epochs`"),
    ("dataset: xor\nepochs: x\n", "# c\n\n§epochs: 0\n", "got 0"),
    ("dataset: xor\n§lr: x\n", "seed: 1\n", "`learning_rate`"),
    ("dataset: xor\nlearning_rate: 1\n", "seed: 1\n§lr: x\n", "`learning_rate`"),
    ("dataset: xor\n§zzz: 1\n", "seed: 1\n", "`zzz`"),
    ("dataset: xor\nseed: 1\n", "epochs: 1\n§zzz: 1\n", "`zzz`"),
    # parts of what both have
    (
        "dataset: xor\noptimizer: {name: sgd,\n   §momentum: 7}\n",
        "optimizer:\n  nesterov: true\n",
        "`optimizer.momentum`",
    ),
    (
        "dataset: xor\noptimizer: {name: sgd,\n   momentum: 0.7}\n",
        "seed: 1\noptimizer:\n  §momentum: 8\n",
        "`optimizer.momentum`",
    ),
    (
        "dataset: xor\noptimizer:\n  name: sgd\n  §momentm: 0.5\n",
        "optimizer: {nesterov: true, momentum: 0.5}\n",
        "`optimizer.momentm` is an unknown key",
    ),
    (
        "dataset: xor\noptimizer:\n  §name: sdg\n",
        "optimizer: {momentum: 0.5}\n",
        "`optimizer.name`",
    ),
    ("dataset: xor\n§optimizer: sdg\n", "optimizer: {momentum: 0.5}\n", "did you mean sgd?"),
    ("§dataset: xro\n", "dataset: {inputs: 3}\n", "did you mean xor?"),
    (
        "dataset: xor\n§early_stopping: 0\n",
        "early_stopping: {monitor: loss}\n",
        "`early_stopping.patience`",
    ),
    ("dataset: xor\n§average: 7\n", "\naverage: {}\n", "`average.decay`"),
    (
        "dataset: xor\nearly_stopping: 9\n",
        "early_stopping: {§monitor: los}\n",
        "`early_stopping.monitor`",
    ),
    ("dataset: xor\noptimizer: sgd\n", "optimizer: {§beta_1: 0.5}\n", "`optimizer.beta_1`"),
    ("dataset: {name: xor, inputs: 3}\n", "seed: 1\ndataset: {§inputs: 1}\n", "`dataset.inputs`"),
    # lists
    (
        "dataset: xor\narchitecture: [4, 4, 4]\n",
        "architecture:\n  - 4\n  - §0\n",
        "`architecture.1",
    ),
    ("dataset: xor\narchitecture:\n  - §0\n", "seed: 1\n", "`architecture.0"),
    # what does not fit together, and what no key is to blame for
    ("dataset: xor\n§output_activation: tanh\n", "loss: bce\n", "`output_activation`"),
    ("dataset: xor\nepochs: 1\n§epochs: 2\n", "seed: 1\n", "given twice, first at base.yaml:2:1"),
    ("dataset: xor\n", "epochs: 1\n§epochs: 2\n", "given twice, first at mine.yaml:1:1"),
    ("dataset: xor\n", "§lr: 1\nlearning_rate: 1\n", "one key, given twice"),
    ("dataset: xor\nseed: 1\n", "seed: §010\n", "010"),
    ("dataset: xor\n", "seed: §&a 3\n", "anchors"),
    ("dataset: xor\nseed: §*a\n", "seed: 3\n", "anchors"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("lower", "upper", "words"), MISPLACED, ids=[f"{a} | {b}"[13:80] for a, b, _ in MISPLACED]
)
def test_a_mistake_is_reported_in_the_file_that_contains_it(
    lower: str, upper: str, words: str, nnscratch: Command
) -> None:
    name, text = next((n, t) for n, t in zip(NAMES, (lower, upper), strict=False) if "§" in t)
    before = text.partition("§")[0]
    place = f"{name}:{before.count(chr(10)) + 1}:{len(before.rpartition(chr(10))[2]) + 1}"
    for path, content in zip(NAMES, (lower, upper), strict=False):
        Path(path).write_text(content.replace("§", ""))
    result = nnscratch("show", "base.yaml", "mine.yaml")
    assert (result.code, result.out) == (2, "")
    (line,) = result.err.splitlines()
    assert line.startswith(f"error: {place}: ")
    assert words in line


def test_the_mistakes_of_all_files_and_the_command_line_are_reported_at_once() -> None:
    problems = problems_of_files(
        "zzz: 1\ndataset: xor\nepochs: 0\nactivation: {name: elu, alpha: -1}\n",
        "\n\nseed: -1\nbatch_size: 0\n",
        "\ndropout: 2\n",
        changes=("l1=-1",),
    )
    places = [problem.split(": ")[0] for problem in problems]
    assert sorted(places) == [
        *["base.yaml:1:1", "base.yaml:3:1", "base.yaml:4:25", "command line, l1=-1"],
        *["mine.yaml:3:1", "mine.yaml:4:1", "third.yaml:2:1"],
    ]
    # Within a file they are in its order.
    for name in NAMES:
        lines = [int(place.split(":")[1]) for place in places if place.startswith(name)]
        assert lines == sorted(lines)


def test_a_key_that_no_file_sets_is_missing() -> None:
    (problem,) = problems_of_files("seed: 1\n", "epochs: 2\n")
    assert problem.startswith("base.yaml: `dataset` is missing")


@pytest.mark.parametrize("number", [0, 1, 2])
@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "No such file"),
        ("", "empty"),
        ("# only a comment\n", "empty"),
        ("- a\n", "must be a mapping"),
        ("seed 1\n", "must be a mapping"),
        ("a: [1\n", "not valid YAML"),
        ("\0", "not a text file"),
    ],
)
def test_a_file_that_is_not_a_config_is_named(
    content: str | None, words: str, number: int, nnscratch: Command
) -> None:
    merged(XOR, "epochs: 2\n", "seed: 2\n")
    path = Path(NAMES[number])
    path.unlink()
    if content is not None:
        path.write_text(content)
    for command in ("train", "show"):
        result = nnscratch(command, *NAMES)
        assert (result.code, result.out) == (2, "")
        (line,) = [line for line in result.err.splitlines() if not line.startswith(" ")]
        assert line.startswith(f"error: {path}:")
        assert words in line
    assert not Path("runs").exists()


def test_a_file_that_does_not_exist_may_be_a_mistyped_override(nnscratch: Command) -> None:
    merged(XOR, "epochs: 2\n")
    (line,) = nnscratch("show", "base.yaml", "mime.yaml").err.splitlines()
    assert line.startswith("error: mime.yaml: ")
    assert "did you mean mine.yaml?" in line


@pytest.mark.parametrize("given", ["mine", "mine.json", "folder"])
def test_an_argument_that_is_neither_a_config_nor_an_override_is_explained(
    given: str, nnscratch: Command
) -> None:
    merged(XOR, "epochs: 2\n")
    Path("folder").mkdir()
    result = nnscratch("show", "base.yaml", given)
    assert (result.code, result.out) == (2, "")
    (line,) = result.err.splitlines()
    assert given in line
    assert "KEY=VALUE" in line
    assert ".yaml" in line.replace(given, "")


def folder(name: str, config: str, *tables: str) -> Path:
    path = Path(name)
    path.mkdir(exist_ok=True)
    for table in tables:
        (path / table).write_text(TABLE)
    (path / "c.yaml").write_text(config)
    return path / "c.yaml"


CSV = "dataset: {name: csv, target: kind, path: t.csv}\n"


def paths_of(first: Path, *others: object) -> list[str]:
    dataset = load(first, [str(other) for other in others]).dataset.model_dump()
    keys = ("path", "validation_path", "test_path")
    return [str(Path(dataset[key]).relative_to(Path.cwd())) for key in keys if dataset[key]]


def test_a_path_is_relative_to_the_file_that_sets_it(home: Path) -> None:
    lower = folder("lower", CSV, "t.csv", "u.csv")
    upper = folder("upper", "dataset: {test_path: u.csv}\n", "t.csv", "u.csv")
    third = folder("third", "dataset:\n  path: u.csv\n  validation_path: t.csv\n", "t.csv", "u.csv")
    Path("t.csv").write_text(TABLE)
    assert paths_of(lower) == ["lower/t.csv"]
    assert paths_of(lower, upper) == ["lower/t.csv", "upper/u.csv"]
    assert paths_of(lower, upper, third) == ["third/u.csv", "third/t.csv", "upper/u.csv"]
    assert paths_of(lower, third, upper, "dataset.path=t.csv") == [
        *["t.csv", "third/t.csv", "upper/u.csv"]
    ]
    # Settings of the data set in another file do not change a path.
    plain = folder("plain", "dataset: {missing: impute}\n", "t.csv")
    assert paths_of(lower, plain) == ["lower/t.csv"]
    assert paths_of(plain, lower) == ["lower/t.csv"]


def test_a_path_that_does_not_exist_is_named_with_its_file() -> None:
    lower = folder("lower", CSV, "t.csv")
    upper = folder("upper", "epochs: 2\ndataset: {test_path: none.csv}\n")
    with pytest.raises(ConfigError) as caught:
        load(lower, [str(upper)])
    (problem,) = map(str, caught.value.problems)
    assert problem.startswith(f"{upper}:2:11: `dataset.test_path` does not exist: ")
    assert "upper/none.csv or none.csv" in problem


def test_a_setting_that_does_not_fit_the_table_is_reported_in_its_file(nnscratch: Command) -> None:
    lower = folder("lower", CSV, "t.csv")
    upper = folder("upper", "\ndataset: {target: knid}\n")
    result = nnscratch("show", lower, upper)
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith(f"error: {upper}:2:11: `dataset.target` ")
