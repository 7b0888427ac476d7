"""Formulas and refusals as nodes, computed by onnxruntime."""

from typing import Any

import numpy as np
import pytest

from nnscratch.export.formula_reader import formula_of
from nnscratch.export.onnx_graph import DTYPES, Graph
from nnscratch.export.onnx_session import open_session
from nnscratch.export.subject import Subject
from nnscratch.nn.activations import ACTIVATIONS
from nnscratch.nn.registry import create
from tests.export.models import build

helper = pytest.importorskip("onnx.helper", reason='pip install "nnscratch[onnx]"')
pytest.importorskip("onnxruntime", reason='pip install "nnscratch[onnx]"')
Z = np.array([[-1e5, -90.0, -3.0, -0.3, 0.0, 0.7, 2.0, 30.0, 100.0, 1e5]])


def session_of(graph: Graph) -> Any:
    graph.add_output(graph.x, "y", DTYPES[graph.dtype], [None])
    content = helper.make_graph(graph.nodes, "g", graph.inputs, graph.outputs, graph.constants)
    opset = [helper.make_opsetid("", 17)]
    return open_session(
        helper.make_model(content, opset_imports=opset, ir_version=8).SerializeToString()
    )


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_activations(dtype: str) -> None:
    graph = Graph(Subject.of(build()), dtype=dtype)
    graph.x = graph.add_input("z", DTYPES[dtype], [None])
    functions = [create(ACTIVATIONS, name) for name in ACTIVATIONS]
    each = [graph.apply_each(formula_of(function, dtype), graph.x) for function in functions]
    graph.x = graph.add("Concat", *each, axis=0)
    z = Z.astype(dtype)
    found = session_of(graph).run(None, {"z": z})[0]
    with np.errstate(all="ignore"):
        expected = np.concatenate([function(z) for function in functions])
    np.testing.assert_allclose(found, expected, 1e-5, 2e-7)


def test_what_is_refused_is_an_error_with_its_reason() -> None:
    graph = Graph(Subject.of(build()))
    graph.x = graph.add_input("z", DTYPES["float64"], [None])
    graph.refuse(graph.not_finite(graph.x), "it is not finite")
    session = session_of(graph)
    assert session.run(None, {"z": Z})[0].tolist() == Z.tolist()
    for value in (np.nan, np.inf, -np.inf):
        with pytest.raises(Exception, match="refused: it is not finite"):
            session.run(None, {"z": np.array([[1.0, value]])})
