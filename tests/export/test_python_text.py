"""What surrounds the computation of an exported Python file: types, tables, the test."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nnscratch.export import python_format
from nnscratch.export.subject import Subject
from tests.conftest import Command
from tests.export.models import MODELS


def load(name: str) -> dict[str, Any]:
    names: dict[str, Any] = {"__name__": name}
    text = python_format.write(Subject.of(MODELS[name]())).files[".py"]
    exec(compile(text, name, "exec"), names)  # noqa: S102 - what is tested
    return names


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("two-classes", "str"),
        ("batch-norm", "bool"),
        ("people", "int"),
        ("numbers-for-classes", "float"),
        ("labels", "dict[str, int]"),
        ("log", "float"),
        ("log1p", "dict[str, float]"),
    ],
)
def test_answers_have_their_types(name: str, kind: str) -> None:
    module = load(name)
    assert module["predict"].__annotations__["return"] == kind
    answer = module["predict"](module["SELF_TEST"][0][0])
    assert type(answer).__name__ == kind.partition("[")[0]


def test_probabilities_are_by_class_or_label() -> None:
    for name, keys in (("batch-norm", {True, False}), ("labels", {"sun", "rain", "wind"})):
        module = load(name)
        found = module["predict_proba"](module["SELF_TEST"][0][0])
        assert found.keys() == keys
        assert list(found.values()) == pytest.approx(module["SELF_TEST"][0][2])
    with pytest.raises(ValueError, match="only a network trained with a cross-entropy"):
        load("hinge")["predict_proba"]([1, 2, 3])


def test_the_test_fails_where_a_weight_is_another() -> None:
    module = load("two-classes")
    assert module["self_test"]() == 10
    module["BIAS_2"][0] += 0.001
    assert module["self_test"]() == 0


def test_a_table_is_predicted_as_by_the_command(workplace: Path, nnscratch: Command) -> None:
    nnscratch("train", "configs/csv.yaml", "epochs=5", "--quiet", "--no-plots")
    assert nnscratch("export", "csv", "--to", "python", "--output", "wine.py").code == 0
    table = Path("configs/data/wine.csv").read_bytes()
    done = subprocess.run([sys.executable, "wine.py"], input=table, capture_output=True, check=True)
    # The file names the targets, which the exported model does not read.
    ours = [line.split(",") for line in done.stdout.decode().splitlines()]
    expected = nnscratch("predict", "csv", "--csv", "configs/data/wine.csv").out.splitlines()
    theirs = [line.split(",") for line in expected]
    assert [row[:2] for row in ours] == [[row[0], row[2]] for row in theirs]
    assert ours[0][2:] == theirs[0][3:]
    np.testing.assert_allclose(
        np.array([row[2:] for row in ours[1:]], float),
        np.array([row[3:] for row in theirs[1:]], float),
        atol=1e-6,
    )
