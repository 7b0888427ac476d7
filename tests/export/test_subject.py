"""What is exported, and what its run tells about it."""

from pathlib import Path

import numpy as np
import pytest

from nnscratch import Model
from nnscratch.errors import NNScratchError
from nnscratch.export.subject import Subject, in_float64, take_subject
from nnscratch.runs import find_weights
from tests.conftest import Command
from tests.export.models import MODELS
from tests.processes import record_of


def test_a_run_tells_its_name_its_date_its_data_and_its_figures(
    workplace: Path, nnscratch: Command
) -> None:
    nnscratch("train", "configs/csv.yaml", "epochs=3", "--quiet", "--no-plots")
    found = find_weights("csv", Path("runs"))
    subject = take_subject(found, Model.load(found.weights), needs_ranges=False)
    assert found.directory
    record = record_of(found.directory)
    assert (subject.name, subject.data) == ("csv", "csv wine.csv")
    assert subject.trained == record["started"]
    assert subject.figures["test"] == record["test"]
    assert subject.figures["last epoch"] == record["final"]


def test_a_weights_file_on_its_own_tells_nothing(trained: Path) -> None:
    alone = trained.parent.parent / "gate.npz"
    alone.write_bytes((trained / "weights.npz").read_bytes())
    found = find_weights(str(alone), Path("runs"))
    subject = take_subject(found, Model.load(alone), needs_ranges=True)
    assert (subject.name, subject.trained, subject.data, subject.figures) == ("gate", "", "", {})


@pytest.mark.parametrize(
    ("name", "decision"),
    [
        ("two-classes", ["ArgMax", "DecodeLabels"]),
        ("hinge", ["Threshold", "DecodeLabels"]),
        ("labels", ["Threshold", "NameOutputs"]),
        ("log1p", ["NameOutputs"]),
    ],
)
def test_the_computation_ends_where_the_decision_begins(name: str, decision: list[str]) -> None:
    subject = Subject.of(MODELS[name]())
    assert [type(each).__name__ for each in subject.decision] == decision
    assert [*subject.computation, *subject.decision] == subject.operations


def test_what_an_answer_is_made_from_has_names() -> None:
    assert Subject.of(MODELS["two-classes"]()).value_names == ("no", "yes")
    assert Subject.of(MODELS["hinge"]()).value_names == ("yes",)
    assert Subject.of(MODELS["labels"]()).value_names == ("sun", "rain", "wind")
    assert Subject.of(MODELS["log1p"]()).value_names == ("now", "later")


def test_a_twin_in_float64_has_the_same_weights_and_averages() -> None:
    model = MODELS["batch-norm"]()
    twin = in_float64(model)
    assert twin.members[0].network.dtype == np.float64
    np.testing.assert_array_equal(twin.members[0].network.weights, model.members[0].network.weights)
    assert twin.encoding.loss is twin.members[0].network.loss


def test_a_network_that_is_too_large_is_refused_with_its_size() -> None:
    subject = Subject.of(MODELS["two-classes"]())
    subject.check_size(57, "Python")
    with pytest.raises(NNScratchError, match="has 57 numbers, too many for Python, which takes up"):
        subject.check_size(56, "Python")
