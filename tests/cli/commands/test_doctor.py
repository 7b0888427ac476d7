"""`nnscratch doctor`: calm words for good configs, causes for bad ones, and its exit code."""

import re
import shlex
from pathlib import Path

import numpy as np
import pytest
from sklearn.datasets import load_iris

from tests.conftest import ROOT, Command

DEEP = "architecture=[16,16,16,16,16,16,16,16,16,16]"


def marks(out: str) -> list[str]:
    """Returns the level of each finding."""
    block = out.partition("\n\n")[0]
    return [line[:9].strip() for line in block.splitlines() if line[0] != " "]


@pytest.fixture
def shuffled(workplace: Path) -> Path:
    """A config of iris whose labels were shuffled."""
    data = load_iris()
    kinds = np.random.default_rng(0).permutation(data.target_names[data.target])
    lines = [",".join([*map(str, row), kind]) for row, kind in zip(data.data, kinds, strict=True)]
    (workplace / "shuffled.csv").write_text("\n".join(["a,b,c,d,kind", *lines]))
    config = workplace / "shuffled.yaml"
    config.write_text("dataset: {name: csv, path: shuffled.csv, target: kind}\n")
    return config


@pytest.mark.parametrize("name", ["xor", "iris", "diabetes"])
def test_a_good_config_has_no_problems(name: str, workplace: Path, nnscratch: Command) -> None:
    result = nnscratch("doctor", f"configs/{name}.yaml")
    assert result.code == 0, result.err
    assert set(marks(result.out)) == {"fine"}
    assert result.out.endswith("\nno problems found\n")
    assert "→" not in result.out
    assert "!" not in result.out
    assert "memorizing a few rows\n" in result.err
    assert not (workplace / "runs").exists()


def test_the_layers_are_a_table(workplace: Path, nnscratch: Command) -> None:
    out = nnscratch("doctor", "configs/iris.yaml").out
    header, rule, first, second = out.split("\n\n")[1].splitlines()
    assert header.split() == ["layer", "weights", "rms", "gradient", "rms", "update/weight"]
    assert set(rule) == {"─"}
    assert (first.split()[0], second.split()[0]) == ("dense_1", "dense_2")
    # Adam's first step is the learning rate, 0.01.
    for line in (first, second):
        weights, _, step = map(float, line.split()[1:])
        assert weights * step == pytest.approx(0.01, rel=0.01)


def test_a_line_search_leaves_its_column_empty(workplace: Path, nnscratch: Command) -> None:
    changes = ["optimizer=lbfgs", "batch_size=full"]
    table = nnscratch("doctor", "configs/iris.yaml", *changes).out.split("\n\n")[1]
    assert [len(line.split()) for line in table.splitlines()[2:]] == [3, 3]


def test_ten_sigmoid_layers_will_not_learn_and_the_report_says_why(
    workplace: Path, nnscratch: Command
) -> None:
    result = nnscratch("doctor", "configs/iris.yaml", DEEP, "activation=sigmoid")
    assert result.code == 1
    assert "\nproblem  the signal shrinks from layer to layer" in result.out
    assert "each sigmoid passes on at most a quarter of it" in result.out
    assert re.search(r"\n         → .+ memorizes 32 rows in \d+ steps\n", result.out)
    assert "problem" in result.out.splitlines()[-1]


def test_shuffled_labels_are_a_problem(shuffled: Path, nnscratch: Command) -> None:
    result = nnscratch("doctor", shuffled)
    assert result.code == 1
    assert "\nproblem  the inputs seem to say nothing about the targets" in result.out
    assert "shuffled against each other" in result.out


def test_the_last_line_counts(workplace: Path, nnscratch: Command) -> None:
    one = nnscratch("doctor", "configs/iris.yaml", "learning_rate=0.0003")
    assert (one.code, one.out.splitlines()[-1]) == (0, "1 finding worth a look")
    changes = ["optimizer=sgd", "learning_rate=1000"]
    both = nnscratch("doctor", "configs/iris.yaml", *changes)
    assert (both.code, both.out.splitlines()[-1]) == (1, "1 finding worth a look, 1 problem")
    zeros = nnscratch("doctor", "configs/iris.yaml", "initializer=zeros")
    assert zeros.out.splitlines()[-1] == "3 problems"


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal of 80 columns."""
    from rich.console import Console

    monkeypatch.setattr("nnscratch.cli.commands.doctor.console", lambda: Console(width=80))


@pytest.mark.usefixtures("terminal")
def test_the_documentation_quotes_what_is_printed(workplace: Path, nnscratch: Command) -> None:
    page = (ROOT / "docs" / "inside.md").read_text("utf-8")
    quoted = re.search(r"`nnscratch (doctor [^`]+)`:\n\n```\n(.*?)```", page, re.DOTALL)
    assert quoted
    arguments, report = quoted.groups()
    assert f"\n{report}" in nnscratch(*shlex.split(arguments)).out


@pytest.mark.usefixtures("terminal")
def test_findings_are_as_wide_as_the_terminal(shuffled: Path, nnscratch: Command) -> None:
    lines = nnscratch("doctor", shuffled).out.splitlines()
    assert max(map(len, lines)) <= 80
    # What goes on stands below where it began.
    assert lines[lines.index(next(x for x in lines if x.startswith("problem"))) + 1][:9].isspace()


def test_in_a_pipe_a_finding_is_one_line(shuffled: Path, nnscratch: Command) -> None:
    block = nnscratch("doctor", shuffled).out.split("\n\n")[0]
    assert all(line[:9].strip() or line[9] == "→" for line in block.splitlines())


def test_of_an_ensemble_it_looks_at_the_run_of_one_network(
    workplace: Path, nnscratch: Command
) -> None:
    how = ["ensemble=2", "own_validation=true", "epochs=12", "--no-plots", "--quiet"]
    run = nnscratch("train", "configs/iris.yaml", *how).out.strip()
    leaves = {path.name[:7]: path for path in Path(workplace, run, "runs").iterdir()}
    for number, seed in ((1, "seed-42"), (2, "seed-43")):
        result = nnscratch("doctor", run, *(["--member", 2] if number == 2 else []))
        assert f"member {number} of 2; --member N chooses another\n" in result.err
        warning, rest = split_off("`own_validation` has no effect", result.out)
        # It is said of the ensemble's config; a single network draws no rows as others do.
        assert f"{run}/config.yaml:" in warning
        alone = nnscratch("doctor", leaves[seed]).out
        assert rest.partition("\n\n")[0] == alone.partition("\n\n")[0]


def split_off(text: str, out: str) -> tuple[str, str]:
    """Returns the finding with a text, and the report without it and its remedy."""
    lines = out.splitlines()
    at = next(i for i, line in enumerate(lines) if text in line)
    return lines[at], "\n".join(lines[:at] + lines[at + 2 :])


@pytest.mark.parametrize(
    ("arguments", "fragment"),
    [
        (["configs/xor.yaml", "--member", "1"], "--member is for a run; configs/xor.yaml is a"),
        (["nowhere.yaml"], "cannot be read"),
        (["configs/xor.yaml", "learning_rate=x"], "`learning_rate` must be a number"),
        (["configs/xor.yaml", "epochs"], "epochs"),
        (["configs/iris.yaml", "loss=binary_cross_entropy"], "`loss` cannot be"),
        ([], "CONFIG"),
    ],
)
def test_wrong_requests_are_usage_errors(
    arguments: list[str], fragment: str, workplace: Path, nnscratch: Command
) -> None:
    result = nnscratch("doctor", *arguments)
    assert result.code == 2
    assert fragment in result.err
    assert not result.out


def test_data_that_cannot_be_had_are_an_error(workplace: Path, nnscratch: Command) -> None:
    config = workplace / "lost.yaml"
    config.write_text("dataset: {name: csv, path: lost.csv, target: y}\n")
    result = nnscratch("doctor", config)
    assert result.code in (1, 2)
    assert "lost.csv" in result.err
    assert not result.out


@pytest.mark.parametrize(
    "changes",
    [
        ["loss=hinge"],
        ["loss=mse", "output_activation=sigmoid"],
        ["dtype=float64", "batch_size=full", "use_bias=false"],
        ["architecture=[]"],
        ["average=0.9", "dataset.validation=0.2"],
        ["batch_norm=true", "dropout=0.4", "label_smoothing=0.1", "class_weight=balanced"],
        ["optimizer=rprop", "batch_size=full"],
        ["dataset.test=0", "dataset.validation=1"],
    ],
)
def test_whatever_can_be_trained_can_be_examined(
    changes: list[str], workplace: Path, nnscratch: Command
) -> None:
    result = nnscratch("doctor", "configs/iris.yaml", *changes)
    assert result.code == 0, result.out + result.err
    assert "problem" not in marks(result.out)


def test_the_help_says_what_the_exit_code_means(nnscratch: Command) -> None:
    result = nnscratch("doctor", "--help")
    assert "the exit code is 1 if there is a problem" in " ".join(result.out.split())
    assert "Example: nnscratch doctor configs/xor.yaml" in result.out


@pytest.mark.slow  # it needs MNIST
@pytest.mark.parametrize("name", ["mnist", "mnist-128-32", "mnist-32-16"])
def test_mnist_is_fine_too(name: str, workplace: Path, nnscratch: Command) -> None:
    result = nnscratch("doctor", f"configs/{name}.yaml")
    assert result.code == 0, result.err
    assert result.out.endswith("\nno problems found\n")


def test_a_run_is_examined_by_its_name(trained: Path, nnscratch: Command) -> None:
    by_name, by_path = nnscratch("doctor", "latest"), nnscratch("doctor", trained)
    assert (by_name.code, by_name.out) == (0, by_path.out)
    assert "the loss of the trained network on training rows is " in by_name.out
    assert "after training: no unit is dead" in by_name.out
    assert set(marks(by_name.out)) == {"fine"}
    changed = nnscratch("doctor", "latest", "epochs=5")
    assert (changed.code, changed.out) == (2, "")
    assert "a config can be changed" in changed.err
    assert nnscratch("doctor", "nothing").code == 2
