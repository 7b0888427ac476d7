"""The weights file of an ensemble: members bit for bit, and nothing that describes none."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nnscratch.errors import FileFormatError, UsageError
from nnscratch.files import npz
from nnscratch.model.ensemble import Ensemble
from nnscratch.model.loading import load_model
from nnscratch.model.model import Model
from tests.model.test_ensemble import colours, member


def make_ensemble() -> Ensemble:
    every = colours("blue", "green", "red")
    return Ensemble([member(1, features=colours("red", "blue")), member(2, features=every)], every)


def test_a_saved_ensemble_comes_back_bit_for_bit(tmp_path: Path) -> None:
    ensemble = make_ensemble()
    ensemble.save(tmp_path / "weights.npz")
    twin = load_model(tmp_path / "weights.npz")
    assert isinstance(twin, Ensemble)
    twin.save(tmp_path / "again.npz")
    assert (tmp_path / "again.npz").read_bytes() == (tmp_path / "weights.npz").read_bytes()
    assert twin.features == ensemble.features
    assert twin.fingerprint() == ensemble.fingerprint()
    rows: Any = [[1.0, "green"], [2.0, "red"]]
    np.testing.assert_array_equal(twin.predict_proba(rows), ensemble.predict_proba(rows))
    for ours, theirs in zip(ensemble.members, twin.members, strict=True):
        assert ours.network.weights.tobytes() == theirs.network.weights.tobytes()


def test_anybody_can_read_the_weights_of_each_member(tmp_path: Path) -> None:
    ensemble = make_ensemble()
    ensemble.save(tmp_path / "weights.npz")
    with np.load(tmp_path / "weights.npz") as arrays:
        kernel = arrays["member_2.dense_1.kernel"]
    np.testing.assert_array_equal(kernel, ensemble.members[1].network.params["dense_1.kernel"])


def test_a_single_network_is_not_taken_from_it(tmp_path: Path) -> None:
    make_ensemble().save(tmp_path / "weights.npz")
    with pytest.raises(UsageError, match="holds the networks of an ensemble"):
        Model.load(tmp_path)


@pytest.mark.parametrize(
    "change",
    [
        {"version": 2},
        {"version": None},
        {"members": []},
        {"members": [{}]},
        {"members": 5},
        {"members": None},
        {"members": ["a", "b"]},
        {"features": []},
        {"features": [["size", None], ["colour", ["red"]]]},
        {"features": 1},
        {"format": "nnscratch model"},
    ],
)
def test_an_edited_manifest_is_refused(change: dict[str, Any], tmp_path: Path) -> None:
    path = tmp_path / "weights.npz"
    make_ensemble().save(path)
    arrays, manifest = npz.read(path)
    npz.write(path, arrays, {**manifest, **change})
    with pytest.raises(FileFormatError, match=r"weights\.npz: does not describe a model"):
        load_model(path)


@pytest.mark.parametrize("name", ["member_3.dense_1.kernel", "dense_1.kernel", "member_1.more"])
def test_an_array_of_no_member_is_refused(name: str, tmp_path: Path) -> None:
    path = tmp_path / "weights.npz"
    make_ensemble().save(path)
    arrays, manifest = npz.read(path)
    npz.write(path, {**arrays, name: np.zeros(1)}, manifest)
    with pytest.raises(FileFormatError, match="does not describe a model"):
        load_model(path)


def test_members_that_do_not_fit_each_other_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "weights.npz"
    make_ensemble().save(path)
    arrays, manifest = npz.read(path)
    manifest["members"][0]["classes"] = ["a", "b", "other"]
    npz.write(path, arrays, manifest)
    with pytest.raises(FileFormatError, match="do not predict the same"):
        load_model(path)
