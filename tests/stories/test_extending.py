"""docs/extending.md: each class that it shows is all that has to be added."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

PAGE = (ROOT / "docs" / "extending.md").read_text("utf-8")
# Where a file collects the classes above it.
COLLECTED = re.compile(r"^[A-Z]+ = components\(", re.MULTILINE)
CONFIG = """
dataset: {name: sine, samples: 60, validation: 0.2}
architecture: [6]
activation: {name: bent_identity, bend: 0.3}
optimizer: sign_sgd
schedule: halving
epochs: 3
seed: 1
"""
# The second opinion and its subject, in the notation of tests/insight/test_scalars.py.
SCALARS = """
import numpy as np
from nnscratch.insight.scalars import ScalarNetwork
from nnscratch.nn.inspection.gradcheck import check_gradients
from nnscratch.nn.network import Network

network = Network(
    2, [3], 1, activation={"name": "bent_identity", "bend": 0.3}, loss="mean_squared_error",
    dtype="float64", seed=1,
)
x, y = np.array([[1.0, -2.0], [0.5, 3.0]]), np.array([[1.0], [0.0]])
scalars = ScalarNetwork(network)
loss = scalars.loss(scalars.logits(x), y)
loss.backward()
expected, grad = network.loss(network.forward(x), y)
network.backward(grad)
assert abs(loss.data - expected) < 1e-12
for name, values in scalars.params.items():
    grads = np.array([value.grad for value in values.flat]).reshape(values.shape)
    np.testing.assert_allclose(grads, network.grads[name], 1e-9, 1e-12)
assert max(check.error for check in check_gradients(network, x, y)) < 1e-6
"""


def test_the_example_of_contributing_is_the_one_of_the_page() -> None:
    contributing = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    _, added = contributing.split("```diff\n+++ nnscratch/nn/activations/bent_identity.py\n")
    lines = [line.removeprefix("+") for line in added.partition("```")[0].splitlines()]
    assert "\n".join(lines) in PAGE


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the package with everything added that the page shows."""
    folder = tmp_path_factory.mktemp("copy")
    shutil.copytree(
        ROOT / "nnscratch", folder / "nnscratch", ignore=shutil.ignore_patterns("__pycache__")
    )
    blocks = re.findall(r"```python\n# (\S+)\n(.*?)```", PAGE, re.DOTALL)
    assert len(blocks) == PAGE.count("```python") == 5
    for name, text in blocks:
        file = folder / name
        if file.exists():
            written = file.read_text("utf-8")
            (line,) = COLLECTED.finditer(written)
            at = line.start()
            file.write_text(f"{written[:at]}{text}\n\n{written[at:]}", "utf-8")
        else:
            file.write_text(text, "utf-8")
    (folder / "config.yaml").write_text(CONFIG)
    return folder


def start(copy: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """Runs Python with the copy for the package."""
    environment = {**os.environ, "PYTHONPATH": str(copy)}
    return subprocess.run(
        [sys.executable, *arguments],
        capture_output=True,
        text=True,
        cwd=copy,
        env=environment,
        check=False,
    )


def run(copy: Path, *arguments: str) -> str:
    """Returns what is printed."""
    done = start(copy, *arguments)
    assert done.returncode == 0, done.stderr
    return done.stdout


def command(copy: Path, *arguments: str) -> str:
    return run(copy, "-m", "nnscratch", *arguments)


def test_the_schema_knows_what_was_added(copy: Path) -> None:
    definitions = json.loads(command(copy, "schema"))["$defs"]
    bend = definitions["BentIdentitySettings"]["properties"]["bend"]
    assert (bend["default"], bend["minimum"], bend["exclusiveMaximum"]) == (0.5, 0, 1)
    assert definitions["SineSettings"]["properties"].keys() >= {"samples", "test", "scaling"}
    page = command(copy, "schema", "--format", "markdown")
    for name in ("bent_identity", "sign_sgd", "sine", "halving"):
        assert f"`{name}`" in page


def test_a_run_uses_what_was_added(copy: Path) -> None:
    command(copy, "train", "config.yaml", "--quiet", "--no-plots")
    (folder,) = (copy / "runs").iterdir()
    written = (folder / "config.yaml").read_text()
    assert "bent_identity" in written
    assert "learning_rate: 0.01" in written  # the optimizer's own default
    explained = command(copy, "explain", str(folder))
    assert "b (√(z² + 1) − 1) + z" in explained
    assert "b = 0.3" in explained
    assert "w ← w − η sign(g)" in explained


def test_the_gradients_agree_with_differences_and_with_scalars(copy: Path) -> None:
    command(copy, "gradcheck", "config.yaml")
    run(copy, "-c", SCALARS)


METRIC = """
from nnscratch.model.scores import scores_text
from nnscratch.nn.metrics import WithinTolerance
from nnscratch.nn.network import Network
from nnscratch.nn.optimizers.first_order import SGD
from nnscratch.nn.training.early_stopping import EarlyStopping
from nnscratch.nn.training.fit import fit
from nnscratch.plots.figures.learning_curves import LABELS

network = Network(1, [], 1)
name = WithinTolerance.name
records = fit(
    network, [[0.0], [1.0]], [[0.0], [3.0]], optimizer=SGD(), learning_rate=1e-9, epochs=9,
    metric=WithinTolerance(), early_stopping=EarlyStopping(name, patience=2),
)
scores = [record.scores for record in records]
assert [s[name] for s in scores] == [0.5] * 3
print(scores_text({name: 0.5}), LABELS[name])
"""


def test_a_metric_is_watched_plotted_and_written_as_it_says(copy: Path) -> None:
    printed = run(copy, "-c", METRIC)
    assert printed == "within_tolerance 50.0% share within the tolerance\n"
    stopping = json.loads(command(copy, "schema"))["$defs"]["EarlyStoppingSettings"]
    assert "val_within_tolerance" in json.dumps(stopping)


def test_a_setting_out_of_range_is_refused_in_its_place(copy: Path) -> None:
    done = start(copy, "-m", "nnscratch", "train", "config.yaml", "activation.bend=2")
    assert done.returncode == 2
    assert "`activation.bend` must be below 1; got 2" in done.stderr
