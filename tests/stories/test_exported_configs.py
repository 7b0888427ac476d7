"""What is trained with a shipped config predicts the same in every format, on its own rows."""

import json
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nnscratch import load_model
from nnscratch.data.decoding import decode_column
from nnscratch.experiment.run_data import load_data
from nnscratch.export.onnx_session import inputs_of, open_session
from nnscratch.export.self_test import values_of
from nnscratch.export.subject import Subject
from nnscratch.runs import find_weights
from tests.conftest import ROOT, Command
from tests.export.models import Case
from tests.stories.browser import chromium, needs_browser, opened
from tests.stories.exports import assert_agrees
from tests.stories.test_data_configs import HAS_MNIST
from tests.stories.test_exported_c import CC, answers_of, compile_all, run
from tests.stories.test_exported_page import PREDICT
from tests.stories.test_exported_python import predict

CONFIGS = sorted(path.stem for path in (ROOT / "configs").glob("*.yaml"))
ROWS = 1000
# Long enough that the answers differ, for those that learn slowly.
SETTINGS = {"mnist": ["epochs=1"], "mnist-128-32": ["epochs=5"], "mnist-32-16": ["epochs=5"]}
pytestmark = pytest.mark.slow  # trains each shipped config


@pytest.fixture(params=CONFIGS)
def case(request: pytest.FixtureRequest, workplace: Path, nnscratch: Command) -> Case:
    """A run of a config, exported as `exported` with the ending of each format."""
    name = str(request.param)
    if "mnist" in name and not HAS_MNIST:
        pytest.skip("needs scikit-learn's data folder with MNIST in it")
    settings = ["--quiet", "--no-plots", *SETTINGS.get(name, [])]
    trained = nnscratch("train", f"configs/{name}.yaml", *settings)
    assert trained.code == 0, trained.err
    found = find_weights(trained.out.strip(), Path("runs"))
    model = load_model(found.weights)
    inputs = load_data(found, model).splits["train"].inputs
    table = inputs[np.random.default_rng(1).integers(len(inputs), size=ROWS)]
    columns = [decode_column(f, table[:, i]) for i, f in enumerate(model.features)]
    rows = [list(row) for row in zip(*columns, strict=True)]
    answers, values = model.predict(table).tolist(), values_of(model, table).tolist()
    return Case(Subject.of(model, name), rows, table.tolist(), answers, values)


def export(nnscratch: Command, ending: str, file_format: str) -> Path:
    path = Path(f"exported{ending}").absolute()
    result = nnscratch("export", "latest", "--to", file_format, "--output", path)
    assert result.code == 0, result.err
    return path


def test_python(case: Case, nnscratch: Command) -> None:
    path = export(nnscratch, ".py", "python")
    found = predict(path.parent, {"exported": case.rows})["exported"]
    answers, values = zip(*found["answers"], strict=True)
    # float32 is rounded by the model, not by Python.
    assert_agrees(case, answers, values, 3e-6 if "mnist" in case.subject.name else 1e-6)
    assert found["agree"] == 10


@pytest.mark.skipif(CC is None, reason="a C compiler is not installed: cc")
def test_c(case: Case, tmp_path: Path) -> None:
    program = compile_all(tmp_path, {"exported": case.subject.model})
    found = run(program, "exported", case.numbers)
    assert_agrees(case, answers_of(case.subject, found), [each[2] for each in found], 1e-5)


@pytest.mark.skipif(find_spec("onnxruntime") is None, reason='pip install "nnscratch[onnx]"')
def test_onnx(case: Case, nnscratch: Command) -> None:
    session = open_session(export(nnscratch, ".onnx", "onnx").read_bytes())
    *label, values = session.run(None, inputs_of(case.subject, session, case.rows))
    answers = label[0] if label else values
    assert_agrees(case, answers.tolist(), values.tolist(), 1e-5)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as started:
        yield started


@needs_browser
def test_page(case: Case, browser: Any, nnscratch: Command) -> None:
    path = export(nnscratch, ".html", "html")
    with opened(browser, path) as page:
        found = page.evaluate(PREDICT, json.loads(json.dumps(case.rows)))
    assert_agrees(case, [each[0] for each in found], [each[1] for each in found], 1e-5)
