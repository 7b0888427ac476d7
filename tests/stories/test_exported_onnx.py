"""An ONNX file that was exported predicts what the model predicts, in onnxruntime."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from nnscratch.export import onnx_format
from nnscratch.export.onnx_session import inputs_of, open_session
from nnscratch.export.subject import Subject
from tests.export.models import IMPORTANT, MODELS, case_of, odd_cases
from tests.stories.exports import assert_agrees

pytest.importorskip("onnx", reason='ONNX is not installed: pip install "nnscratch[onnx]"')
runtime = pytest.importorskip("onnxruntime", reason='pip install "nnscratch[onnx]"')


def session_of(subject: Subject) -> Any:
    return open_session(onnx_format.write(subject).files[".onnx"])


def predict(
    subject: Subject, session: Any, rows: Sequence[Sequence[Any]]
) -> tuple[list[Any], list[Any]]:
    """Returns answers and values."""
    *label, values = session.run(None, inputs_of(subject, session, rows))
    answers = label[0] if label else values
    return answers.tolist(), values.tolist()


def check(names: Sequence[str], rows: int) -> None:
    for name in names:
        case = case_of(MODELS[name](), rows, name)
        found = predict(case.subject, session_of(case.subject), case.rows)
        assert_agrees(case, *found, 1e-5)


def test_important_models() -> None:
    check(IMPORTANT, 100)


@pytest.mark.slow  # dozens of graphs
def test_many_rows_of_models_of_every_kind() -> None:
    check(list(MODELS), 1000)


def test_rows_that_are_refused() -> None:
    largest = np.finfo(np.float32).max
    for name in ("people", "picture", "two-classes"):
        model = MODELS[name]()
        subject = Subject.of(model)
        session = session_of(subject)
        for row, answer in odd_cases(model)[::2]:
            try:
                fed = inputs_of(subject, session, [row])
            except (TypeError, ValueError):  # ONNX takes numbers: what is none cannot be given
                assert answer is None, row
                continue
            numbers = [each for each in fed.values() if each.dtype.kind == "f"]
            if any((np.abs(each) > largest).any() for each in numbers) and answer is not None:
                continue  # beyond float, though scaling would have brought it back
            if answer is None:
                with pytest.raises(Exception, match="refused: a value is missing, or not a finite"):
                    session.run(None, fed)
            else:
                assert session.run(None, fed)[0].tolist() == [answer], (name, row)


def test_outputs_are_plain_tensors_and_inputs_are_named_after_the_columns() -> None:
    subject = Subject.of(MODELS["people"]())
    session = session_of(subject)
    inputs = {each.name: (each.type, each.shape) for each in session.get_inputs()}
    assert inputs["age"] == ("tensor(float)", ["rows", 1])
    assert inputs["colour"] == ("tensor(string)", ["rows", 1])
    assert inputs["since"] == ("tensor(double)", ["rows", 1])
    outputs = [(each.name, each.type, each.shape) for each in session.get_outputs()]
    assert outputs == [
        ("label", "tensor(int64)", ["rows"]),
        ("probabilities", "tensor(float)", ["rows", 3]),
    ]
    image = session_of(Subject.of(MODELS["picture"]())).get_inputs()
    assert [(each.name, each.shape) for each in image] == [("image", ["rows", 8, 8])]


def test_no_rows_are_no_predictions() -> None:
    subject = Subject.of(MODELS["people"]())
    session = session_of(subject)
    fed = {name: values[:0] for name, values in inputs_of(subject, session, [[None] * 7]).items()}
    label, values = session.run(None, fed)
    assert (label.shape, values.shape) == ((0,), (0, 3))
