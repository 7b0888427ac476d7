"""Running an ONNX file: the check before it is written, and its inputs."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnscratch.data.columns import encode_rows
from nnscratch.errors import NNScratchError
from nnscratch.export.onnx_graph import import_onnx
from nnscratch.export.self_test import make_examples
from nnscratch.export.subject import Subject

# How far a prediction may be from that of the model, of the largest in its column.
_TOLERANCE = 1e-4
_INT64, _FLOAT, _STRING, _BOOL = 7, 1, 8, 9


def encoded_classes(classes: Sequence[Any]) -> tuple[NDArray[Any], int]:
    """Returns classes as a tensor, and the number of its type in ONNX.

    Classes of several types become text.
    """
    kinds = set(map(type, classes))
    if kinds == {bool}:
        return np.array(classes, np.bool_), _BOOL
    if kinds == {int} and all(abs(label) < 2**63 for label in classes):
        return np.array(classes, np.int64), _INT64
    if kinds == {float}:
        return np.array(classes, np.float32), _FLOAT
    texts = [str(label).encode("utf-8", "replace").decode() for label in classes]
    return np.array(texts, object), _STRING


def open_session(content: bytes) -> Any:
    """Returns a session of onnxruntime on one thread."""
    runtime = import_onnx("onnxruntime")
    options = runtime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 4  # errors are raised as well
    return runtime.InferenceSession(content, options, providers=["CPUExecutionProvider"])


def inputs_of(subject: Subject, session: Any, rows: Sequence[Sequence[Any]]) -> dict[str, Any]:
    """Returns rows as a session takes them.

    Raises:
        ValueError: A value that should be a number is not.
    """
    image, inputs = subject.model.image, session.get_inputs()
    features = subject.model.features
    table = encode_rows(features, rows, notation=subject.model.notation)
    if image is not None:
        with np.errstate(over="ignore"):
            pixels = table.astype(np.float32)
        return {inputs[0].name: pixels.reshape(-1, image.height, image.width)}
    fed = {}
    for i, (each, feature) in enumerate(zip(inputs, features, strict=True)):
        if feature.categories is not None:
            texts = ["" if row[i] is None else str(row[i]).strip() for row in rows]
            fed[each.name] = np.array(texts, object).reshape(-1, 1)
        else:
            dtype = np.float32 if each.type == "tensor(float)" else np.float64
            with np.errstate(over="ignore"):
                fed[each.name] = table[:, i : i + 1].astype(dtype)
    return fed


def check(subject: Subject, content: bytes) -> None:
    """Has onnx check a file, and compares what onnxruntime predicts for ten rows with the model.

    Raises:
        NNScratchError: It is not valid, or predicts something else.
    """
    onnx = import_onnx("onnx")
    try:
        onnx.checker.check_model(content, full_check=True)
        session = open_session(content)
        examples = make_examples(subject)
        if not examples:
            return
        rows = [example.row for example in examples]
        values = session.run(None, inputs_of(subject, session, rows))[-1]
    except Exception as error:
        # onnx and onnxruntime have dozens of exceptions, none of which a user can do much about.
        reason = " ".join(str(error).split())[:300]
        raise NNScratchError(f"the ONNX file does not work: {reason}") from error
    expected = np.array([example.values for example in examples])
    largest = np.maximum(np.abs(expected).max(axis=0), 1.0)
    if (np.abs(values - expected) > _TOLERANCE * largest).any():
        raise NNScratchError("the ONNX file predicts something else than the model")
