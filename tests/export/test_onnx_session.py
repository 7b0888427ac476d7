"""What goes into onnxruntime, and what is not written because it does not work."""

import numpy as np
import pytest

from nnscratch.errors import NNScratchError
from nnscratch.export.onnx_session import check, encoded_classes
from nnscratch.export.subject import Subject
from tests.export.models import build


@pytest.mark.parametrize(
    ("classes", "kind", "dtype"),
    [
        (("a", "b"), 8, object),
        ((0, 1), 7, np.int64),
        ((False, True), 9, np.bool_),
        ((0.5, 1.5), 1, np.float32),
        ((1, "a"), 8, object),
        ((2**70, 1), 8, object),
    ],
)
def test_classes_have_a_type(classes: tuple[object, ...], kind: int, dtype: type) -> None:
    found, number = encoded_classes(classes)
    assert (number, found.dtype) == (kind, np.dtype(dtype))
    expected = list(map(str, classes)) if kind == 8 else list(classes)
    assert found.tolist() == expected


def test_a_file_that_does_not_work_is_not_written() -> None:
    pytest.importorskip("onnxruntime", reason='pip install "nnscratch[onnx]"')
    pytest.importorskip("onnx", reason='pip install "nnscratch[onnx]"')
    with pytest.raises(NNScratchError, match="the ONNX file does not work"):
        check(Subject.of(build()), b"no protobuf")


def test_a_file_that_predicts_something_else_is_not_written() -> None:
    pytest.importorskip("onnxruntime", reason='pip install "nnscratch[onnx]"')
    from nnscratch.export import onnx_format

    content = onnx_format.write(Subject.of(build())).files[".onnx"]
    other = build(seed=5)
    with pytest.raises(NNScratchError, match="predicts something else than the model"):
        check(Subject.of(other), content)
