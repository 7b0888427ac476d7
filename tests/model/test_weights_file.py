"""weights.npz: anybody can read it with NumPy, and what describes no model is refused."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nnscratch.data.dataset import Feature, ImageFormat, number_features
from nnscratch.data.preprocessing import Preprocessing
from nnscratch.data.scaling import Scaling
from nnscratch.data.tables import Layout, Notation, TableFormat
from nnscratch.data.target_encoding import TargetEncoding
from nnscratch.data.target_transform import NO_TRANSFORM, TARGET_TRANSFORMS
from nnscratch.errors import FileFormatError
from nnscratch.files import npz
from nnscratch.model.model import Model
from nnscratch.model.weights_file import pack
from nnscratch.nn.network import Network
from tests.model.test_model import make_model


def save_with(path: Path, arrays: dict[str, Any] | None = None, **changes: Any) -> None:
    """Saves a model with parts of its manifest replaced, and valid checksums."""
    model = make_model()
    model.save(path)
    read_arrays, manifest = npz.read(path)
    del manifest["arrays"]
    npz.write(path, read_arrays if arrays is None else arrays, manifest | changes)


@pytest.mark.parametrize(
    "changes",
    [
        {"format": "something else"},
        {"version": 1},
        {"network": {}},
        {"network": {"inputs": "two"}},
        {"network": {"inputs": 2, "architecture": [3], "outputs": 3, "loss": "no such loss"}},
        {"network": {"inputs": 2, "architecture": [99], "outputs": 3, "loss": "cross_entropy"}},
        {"classes": 5},
        {"classes": []},
        {"classes": ["a", "b"]},
        {"codes": "x"},
        {"codes": []},
        {"features": 3},
        {"features": [["width", None]]},
        {"features": [["width", None], ["height", ["low", "high"]]]},
        {"target_scale": []},
        {"target_scale": [0.0]},
        {"target_shift": ["x"]},
        {"image": [3, 3, 255]},
    ],
)
def test_a_manifest_that_describes_no_model_is_refused(
    changes: dict[str, Any], tmp_path: Path
) -> None:
    save_with(tmp_path / "weights.npz", **changes)
    with pytest.raises(FileFormatError, match=r"weights\.npz"):
        Model.load(tmp_path / "weights.npz")


def test_arrays_that_do_not_fit_the_architecture_are_refused(tmp_path: Path) -> None:
    make_model().save(tmp_path / "weights.npz")
    arrays, _ = npz.read(tmp_path / "weights.npz")
    del arrays["dense_2.bias"]
    save_with(tmp_path / "weights.npz", arrays=arrays)
    with pytest.raises(FileFormatError, match="do not fit"):
        Model.load(tmp_path / "weights.npz")


def test_anybody_can_read_the_arrays_with_numpy(tmp_path: Path) -> None:
    model = make_model()
    model.save(tmp_path / "weights.npz")
    with np.load(tmp_path / "weights.npz", allow_pickle=False) as file:
        np.testing.assert_array_equal(
            file["dense_1.kernel"], model.network.params["dense_1.kernel"]
        )


def test_the_manifest_and_the_arrays_of_format_3(tmp_path: Path) -> None:
    scaling = Scaling(np.array([1.0, 0.0]), np.array([0.5, 1.0]))
    features = (Feature("width"), Feature("colour", ("blue", "red")))
    preprocessing = Preprocessing(features, scaling, np.array([2.0, 1.0]))
    network = Network(3, [2], 2, loss="huber", seed=1)
    encoding = TargetEncoding(
        network.loss, None, 2, scaling=Scaling(np.array([5.0, 7.0]), 1 / np.array([2.0, 4.0])),
        names=("a", "b"),
    )  # fmt: skip
    arrays, manifest = pack(network, encoding, preprocessing, ImageFormat(1, 3, 255.0), None)
    assert manifest == {
        "format": "nnscratch model",
        "version": 3,
        "network": network.describe(),
        "classes": None,
        "codes": (0.0, 1.0),
        "target_shift": [5.0, 7.0],
        "target_scale": [2.0, 4.0],
        "target_names": ("a", "b"),
        "features": [["width", None], ["colour", ("blue", "red")]],
        "image": [1, 3, 255.0],
    }
    assert list(arrays) == [
        "dense_1.kernel", "dense_1.bias", "dense_2.kernel", "dense_2.bias",
        "preprocessing.shift", "preprocessing.scale", "preprocessing.fill",
    ]  # fmt: skip
    assert arrays["preprocessing.shift"].tolist() == [1.0, 0.0]
    assert arrays["preprocessing.scale"].tolist() == [0.5, 1.0]


def test_what_format_3_does_not_have_makes_it_format_4(tmp_path: Path) -> None:
    features = (
        Feature("width"),
        Feature("colour", ("blue", "red")),
        Feature("born", date_format="%d.%m.%Y"),
    )
    # Behind the columns: whether the width is missing, then year, month and weekday.
    scaling = Scaling(np.arange(7.0), np.array([0.5, 1.0, 0.25, 1.0, 2.0, 4.0, 8.0]))
    preprocessing = Preprocessing(features, scaling, np.array([2.0, 2.0, 1.0]), flagged=(0,))
    network = Network(9, [2], 1, loss="huber", seed=1)
    table = TableFormat(Layout(header=False, names=("a", "b")), Notation(("?",), ",", ".", ("€",)))
    encoding = TargetEncoding(network.loss, None)
    model = Model(network, encoding, preprocessing, table=table)
    model.save(tmp_path / "weights.npz")
    _, manifest = npz.read(tmp_path / "weights.npz")
    assert manifest["version"] == 4
    loaded = Model.load(tmp_path / "weights.npz")
    assert loaded.table == table
    assert loaded.features == features
    rows = [["1,5", "blue", "1.2.2024"], ["?", "?", "29.02.2024"]]
    np.testing.assert_array_equal(loaded.predict(rows), model.predict(rows))
    # 2024-02-01 is day 19754, a Thursday; the fill of the colour is its third category.
    np.testing.assert_array_equal(
        loaded.preprocessing.widen(loaded.as_table(rows)),
        [[1.5, 0, 19754, 0, 2024, 2, 3], [2, 2, 19782, 1, 2024, 2, 3]],
    )


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("flagged", [1]),
        ("flagged", [5]),
        ("flagged", ["0"]),
        ("flagged", 0),
        ("table", {}),
        ("table", {"layout": {"header": 1}, "notation": {}}),
        ("table", {"layout": {"names": "ab"}, "notation": {}}),
        ("table", {"layout": {}, "notation": {"strip": [1]}}),
        ("table", {"layout": {}, "notation": {"sign": "-"}}),
        ("version", 7),
    ],
)
def test_a_new_key_that_was_edited_is_refused(key: str, value: object, tmp_path: Path) -> None:
    path = tmp_path / "weights.npz"
    features = (Feature("width"), Feature("colour", ("blue", "red")))
    preprocessing = Preprocessing(features, Scaling.identity(), np.array([2.0, 2.0]))
    network = Network(4, [2], 1, loss="huber", seed=1)
    Model(network, TargetEncoding(network.loss, None), preprocessing).save(path)
    arrays, manifest = npz.read(path)
    npz.write(path, arrays, {**manifest, key: value})
    with pytest.raises(FileFormatError):
        Model.load(path)


def embedded_model() -> Model:
    network = Network(
        3,
        [2],
        1,
        loss="huber",
        input_scale=True,
        numeric_embedding={"columns": (2, 0), "waves": 4, "size": 2},
        seed=1,
    )
    return Model(
        network, TargetEncoding(network.loss, None), Preprocessing.none(number_features(3))
    )


def test_an_embedding_and_a_scale_are_kept_in_version_5(tmp_path: Path) -> None:
    model = embedded_model()
    model.save(tmp_path / "weights.npz")
    _, manifest = npz.read(tmp_path / "weights.npz")
    assert manifest["version"] == 5
    again = Model.load(tmp_path / "weights.npz")
    assert again.network.describe() == model.network.describe()
    rows = [[1.0, 2.0, 3.0], [-1.0, 0.5, 0.0]]
    np.testing.assert_array_equal(again.predict(rows), model.predict(rows))


@pytest.mark.parametrize(
    "changes",
    [
        {"numeric_embedding": {"columns": [0, 2], "waves": 10**9, "size": 2, "sigma": 0.1}},
        {"numeric_embedding": {"columns": [0, 2], "waves": 4, "size": 3, "sigma": 0.1}},
        {"numeric_embedding": {"columns": [0, 3], "waves": 4, "size": 2, "sigma": 0.1}},
        {"numeric_embedding": {"columns": [0], "waves": 4, "size": 2, "sigma": 0.1}},
        {"numeric_embedding": {"columns": 0, "waves": 4, "size": 2, "sigma": 0.1}},
        {"numeric_embedding": {"columns": [0, 2], "waves": -4, "size": 2, "sigma": 0.1}},
        {"numeric_embedding": {"waves": 4}},
        {"numeric_embedding": None},
        {"input_scale": False},
    ],
)
def test_an_embedding_that_was_edited_is_refused(changes: dict[str, Any], tmp_path: Path) -> None:
    path = tmp_path / "weights.npz"
    embedded_model().save(path)
    arrays, manifest = npz.read(path)
    npz.write(path, arrays, {**manifest, "network": {**manifest["network"], **changes}})
    with pytest.raises(FileFormatError):
        Model.load(path)


PIECES: dict[str, Any] = {
    "name": "piecewise_linear",
    "columns": [2, 0, 1],
    "edges": [[0.1, 1 / 3, 2.0], [-1.0, 1e-30], [5.0]],
    "means": [[0.7, 1 / 7], [0.0], []],
    "precision": "float32",
}


def encoded_model(dtype: str = "float32") -> Model:
    network = Network(3, [5], 1, loss="huber", numeric_embedding=PIECES, dtype=dtype, seed=1)
    return Model(
        network, TargetEncoding(network.loss, None), Preprocessing.none(number_features(3))
    )


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_pieces_are_kept_exactly_in_version_6(dtype: str, tmp_path: Path) -> None:
    model = encoded_model(dtype)
    model.save(tmp_path / "weights.npz")
    arrays, manifest = npz.read(tmp_path / "weights.npz")
    assert manifest["version"] == 6
    assert manifest["network"]["numeric_embedding"] == PIECES
    assert not any(name.startswith("embedding") for name in arrays)
    again = Model.load(tmp_path / "weights.npz")
    assert again.network.describe() == model.network.describe()
    rows = [[1.0, 2.0, 0.3], [-1.0, 0.5, 0.0]]
    np.testing.assert_array_equal(again.predict(rows), model.predict(rows))


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "waves"},
        {"name": "splines"},
        {"name": ["piecewise_linear"]},
        {"name": None},
        {"columns": [2, 0, 3]},
        {"columns": [2, 0]},
        {"columns": [2, 0, 2]},
        {"columns": 3},
        {"edges": [[0.1, 0.1, 2.0], [-1.0, 0.0], [5.0]]},
        {"edges": [[0.1, 3.0, 2.0], [-1.0, 0.0], [5.0]]},
        {"edges": [[0.1, 0.5, 2.0, 3.0], [-1.0, 0.0], [5.0]]},
        {"edges": [[0.1, 2.0], [-1.0, 0.0], [5.0]]},
        {"edges": [[0.1, 0.5, 2.0], [-1.0, 0.0]]},
        {"edges": [[0.1, 0.5, 2.0], [-1.0, 0.0], []]},
        {"edges": [[0.1, 0.5, 2.0], [-1.0, 0.0], ["5"]]},
        {"edges": [[0.1, 0.5, 2.0], [-1.0, 0.0], [None]]},
        {"edges": [[0.1, 0.5, 2.0], [-1.0, 1e300], [5.0]]},
        {"edges": [[0.1, 0.5, 2.0], [-1.0, 10**400], [5.0]]},
        {"edges": [[1.0, 1.0 + 1e-12, 2.0], [-1.0, 0.0], [5.0]]},
        {"edges": [list(range(10_000)), [-1.0, 0.0], [5.0]]},
        {"edges": 3},
        {"edges": {}},
        {"means": [[0.7, 0.1], [0.0]]},
        {"means": [[0.7, 0.1, 0.0], [0.0], []]},
        {"means": [[0.7, 0.1], [1.5], []]},
        {"means": [[0.7, 0.1], [float("nan")], []]},
        {"means": [[0.7, 0.1], ["0"], []]},
        {"means": 3},
        {"precision": "float16"},
        {"precision": 4},
        {"bins": 10**9},
        {"waves": 4},
    ],
    ids=str,
)
def test_pieces_that_were_edited_are_refused(changes: dict[str, Any], tmp_path: Path) -> None:
    path = tmp_path / "weights.npz"
    encoded_model().save(path)
    arrays, manifest = npz.read(path)
    network = {**manifest["network"], "numeric_embedding": {**PIECES, **changes}}
    npz.write(path, arrays, {**manifest, "network": network})
    with pytest.raises(FileFormatError, match="does not describe a model"):
        Model.load(path)


@pytest.mark.parametrize("name", ["log", "log1p"])
def test_a_transform_of_the_targets_is_kept_and_none_leaves_no_trace(
    name: str, tmp_path: Path
) -> None:
    network = Network(2, [2], 1, loss="huber", seed=1)
    preprocessing = Preprocessing.none(number_features(2))
    for transform in (TARGET_TRANSFORMS[name], NO_TRANSFORM):
        model = Model(
            network, TargetEncoding(network.loss, None, transform=transform), preprocessing
        )
        model.save(tmp_path / "weights.npz")
        _, manifest = npz.read(tmp_path / "weights.npz")
        assert manifest.get("target_transform") == (None if transform is NO_TRANSFORM else name)
        again = Model.load(tmp_path / "weights.npz")
        assert again.encoding.transform is transform
        rows = [[1.0, 2.0], [3.0, -4.0]]
        assert again.predict(rows).tolist() == model.predict(rows).tolist()


@pytest.mark.parametrize("name", ["sqrt", "", 3, ["log"], None])
def test_an_unknown_transform_is_refused(name: object, tmp_path: Path) -> None:
    make_model().save(tmp_path / "weights.npz")
    save_with(tmp_path / "weights.npz", target_transform=name)
    with pytest.raises(FileFormatError, match="does not describe a model"):
        Model.load(tmp_path / "weights.npz")
