"""The ONNX file: versions that old runtimes load, and names of inputs that no output has."""

import sys
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import numpy as np
import pytest

from nnscratch.data.dataset import Feature
from nnscratch.data.preprocessing import Preprocessing
from nnscratch.data.scaling import Scaling
from nnscratch.errors import NNScratchError
from nnscratch.export import onnx_format
from nnscratch.export.onnx_format import write
from nnscratch.export.subject import Subject
from tests.export.models import HOSTILE, MODELS, build

needs_onnx = pytest.mark.skipif(
    find_spec("onnx") is None or find_spec("onnxruntime") is None,
    reason='ONNX is not installed: pip install "nnscratch[onnx]"',
)


def load(subject: Subject) -> Any:
    return import_module("onnx").load_model_from_string(write(subject).files[".onnx"])


def names_of(values: Any) -> list[str]:
    return [each.name for each in values]


@needs_onnx
def test_versions_are_old_and_nothing_is_a_map() -> None:
    model = load(Subject.of(MODELS["people"]()))
    assert model.ir_version == 8
    assert {each.domain: each.version for each in model.opset_import} == {"": 17, "ai.onnx.ml": 3}
    assert not {node.op_type for node in model.graph.node} & {"ZipMap", "Normalizer"}
    assert {each.key: each.value for each in model.metadata_props}["names"] == "1\n2\n3"


@needs_onnx
def test_columns_that_are_called_like_outputs_or_not_at_all() -> None:
    names = ("label", "probabilities", "", "nnscratch/0", "x")
    features = tuple(map(Feature, names))
    preprocessing = Preprocessing(features, Scaling.identity(), np.full(5, np.nan))
    model = load(Subject.of(build("cross_entropy", ("a", "b"), preprocessing=preprocessing)))
    assert names_of(model.graph.input) == [
        "label_",
        "probabilities_",
        "column_",
        "column_nnscratch/0",
        "x",
    ]
    assert names_of(model.graph.output) == ["label", "probabilities"]


@needs_onnx
def test_names_come_through_whatever_they_hold() -> None:
    model = load(Subject.of(MODELS["hostile"](), HOSTILE[2]))
    assert tuple(names_of(model.graph.input)[:-1]) == HOSTILE


@needs_onnx
def test_numbers_far_from_zero_are_double() -> None:
    features = (Feature("near"), Feature("year"))
    scaling = Scaling(np.array([3.0, 1.6e9]), np.array([1.0, 1e-4]))
    preprocessing = Preprocessing(features, scaling, np.full(2, np.nan))
    model = load(Subject.of(build(preprocessing=preprocessing)))
    assert [each.type.tensor_type.elem_type for each in model.graph.input] == [1, 11]


@pytest.mark.parametrize("package", ["onnx", "onnxruntime"])
def test_without_the_packages_the_command_that_installs_them_is_named(
    package: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [each for each in sys.modules if each.partition(".")[0] == package]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(NNScratchError, match=r'install it with: pip install "nnscratch\[onnx\]"'):
        write(Subject.of(build()))


def test_a_network_that_is_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(onnx_format, "MOST_NUMBERS", 50)
    with pytest.raises(NNScratchError, match="too many for ONNX"):
        write(Subject.of(build()))
