"""A Python file that was exported predicts what the model predicts, in a bare interpreter."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from nnscratch.export import python_format
from nnscratch.export.self_test import ROWS
from nnscratch.export.subject import Subject, in_float64
from tests.export.models import IMPORTANT, MODELS, case_of, odd_cases
from tests.stories.exports import assert_agrees

DRIVER = Path(__file__).parent.parent / "export" / "python_driver.py"


def predict(folder: Path, cases: dict[str, Any]) -> dict[str, Any]:
    """Returns what files say of rows, which are computed in one process without site-packages."""
    rows = {str(folder / f"{name}.py"): rows for name, rows in cases.items()}
    done = subprocess.run(
        [sys.executable, "-S", "-E", str(DRIVER)],
        input=json.dumps(rows), capture_output=True, text=True, check=True,
    )  # fmt: skip
    found = json.loads(done.stdout)
    assert not any(each["modules"] for each in found.values())
    return {name: found[str(folder / f"{name}.py")] for name in cases}


def export(subject: Subject, path: Path) -> None:
    path.write_bytes(python_format.write(subject).files[".py"])


def check(folder: Path, names: tuple[str, ...], rows: int) -> None:
    cases = {name: case_of(MODELS[name](), rows) for name in names}
    for name, case in cases.items():
        export(case.subject, folder / f"{name}.py")
    found = predict(folder, {name: case.rows for name, case in cases.items()})
    for name, case in cases.items():
        assert found[name]["agree"] == ROWS
        answers, values = zip(*found[name]["answers"], strict=True)
        # Waves of high frequencies are rounded by a network of float32, not by Python.
        assert_agrees(case, answers, values, 5e-6 if name.startswith("embedded") else 1e-6)
        exact = case_of(in_float64(case.subject.model), rows)
        assert_agrees(exact, answers, values, 1e-12)


def test_important_models(tmp_path: Path) -> None:
    check(tmp_path, (*IMPORTANT, "activation-mish", "activation-elu", "pieces"), 20)


@pytest.mark.slow  # a thousand rows of each
def test_many_rows_of_models_of_every_kind(tmp_path: Path) -> None:
    check(tmp_path, tuple(MODELS), 1000)


ODD = ("people", "comma", "picture")


def test_odd_rows_have_the_same_answer_or_the_same_refusal(tmp_path: Path) -> None:
    expected = {name: odd_cases(MODELS[name]()) for name in ODD}
    for name in ODD:
        export(Subject.of(MODELS[name]()), tmp_path / f"{name}.py")
    rows = {name: [row for row, _ in cases] for name, cases in expected.items()}
    for name, each in predict(tmp_path, rows).items():
        for (row, answer), found in zip(expected[name], each["answers"], strict=True):
            if answer is None:
                assert isinstance(found, str), (name, row, found)
            else:
                assert not isinstance(found, str), (name, row, found, answer)
                near = (
                    pytest.approx(answer, rel=1e-5, abs=1e-5)
                    if isinstance(answer, list)
                    else answer
                )
                assert found[0] == near or [found[0]] == near, (name, row)
