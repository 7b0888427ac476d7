"""The columns of a row in ONNX, one by one; the story of exported ONNX has whole models."""

from typing import Any

import numpy as np
import pytest

from nnscratch.export.onnx_columns import encode_categories, flag_missing, impute, recode, scale
from nnscratch.export.onnx_graph import DTYPES, Graph
from nnscratch.export.onnx_session import open_session
from nnscratch.export.subject import Subject
from nnscratch.model import operation as op
from tests.export.models import MODELS

helper = pytest.importorskip("onnx.helper", reason='pip install "nnscratch[onnx]"')
pytest.importorskip("onnxruntime", reason='pip install "nnscratch[onnx]"')
NAN = np.nan


def compute(function: Any, operation: op.Operation, rows: list[list[float]]) -> Any:
    graph = Graph(Subject.of(MODELS["people"]()))
    graph.x = graph.add_input("x", DTYPES["float64"], [len(rows[0])])
    function(operation, graph)
    graph.add_output(graph.x, "y", DTYPES["float64"], [None])
    content = helper.make_graph(graph.nodes, "g", graph.inputs, graph.outputs, graph.constants)
    opset = [helper.make_opsetid("", 17)]
    model = helper.make_model(content, opset_imports=opset, ir_version=8)
    return open_session(model.SerializeToString()).run(None, {"x": np.array(rows)})[0]


@pytest.mark.parametrize(
    ("function", "operation", "expected"),
    [
        (flag_missing, op.FlagMissing((1, 0)), [[1, NAN, 1, 0], [2, -1, 0, 0], [3, 1, 0, 0]]),
        (impute, op.Impute(np.array([NAN, 9.0])), [[1, 9], [2, -1], [3, 1]]),
        (scale, op.Scale(np.array([1.0, 0]), np.array([2.0, 1])), [[0, NAN], [2, -1], [4, 1]]),
        (
            encode_categories,
            op.EncodeCategories((None, 2)),
            [[1, 0, 0], [2, 0, 0], [3, 0, 1]],
        ),
        (recode, op.Recode((None, (5, 7))), [[1, NAN], [2, -1], [3, 7]]),
    ],
)
def test_columns(function: Any, operation: op.Operation, expected: list[list[float]]) -> None:
    found = compute(function, operation, [[1, NAN], [2, -1], [3, 1]])
    np.testing.assert_array_equal(found, expected)
