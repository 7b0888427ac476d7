"""The list of operations says all of a model: applied one by one in plain NumPy it predicts alike.

The interpreter below shares nothing with `nnscratch.nn` or with what preprocesses and decodes: it
reads names, arrays and settings only.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pytest

from nnscratch.data.dataset import Dataset, Feature, ImageFormat, Split, number_features
from nnscratch.data.preprocessing import Preprocessing
from nnscratch.data.scaling import Scaling
from nnscratch.data.target_encoding import TargetEncoding
from nnscratch.data.target_transform import TARGET_TRANSFORMS
from nnscratch.insight.expressions import compute
from nnscratch.model import operation as ops
from nnscratch.model.ensemble import Ensemble
from nnscratch.model.model import Model
from nnscratch.model.operations import operations
from nnscratch.model.predictor import Predictor
from nnscratch.nn.activations import ACTIVATIONS
from nnscratch.nn.losses import LOSSES
from nnscratch.nn.network import Network
from nnscratch.nn.registry import describe

# A NumPy array of whatever dtype.
Table = Any
LOGISTIC = ("binary_cross_entropy", "cross_entropy")
REGRESSION = [name for name in LOSSES if name not in LOGISTIC]


def interpret(steps: Sequence[ops.Operation], rows: Any) -> tuple[Any, Any]:
    """Returns what the operations make of rows, and what the decision was made from."""
    x: Any = rows
    undecided: Any = None
    dtype = next((o.dtype for o in steps if isinstance(o, ops.Cast)), "")
    for operation in steps:
        if isinstance(operation, ops.Threshold | ops.ArgMax):
            undecided = x
        if isinstance(operation, ops.Scale):
            x = scale(operation, x, dtype if x.dtype == np.uint8 else "float64")
        else:
            x = STEPS[type(operation)](operation, x)
    return x, undecided


def scale(scaling: ops.Scale, x: Table, dtype: str) -> Table:
    scaled = x.astype(dtype) - scaling.shift.astype(dtype)
    return scaled * scaling.factor.astype(dtype)


def plus(x: Table, bias: Table | None) -> Table:
    return x if bias is None else x + bias


def exp_shares(x: Table) -> Table:
    powers = np.exp(x - x.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def normalize(norm: ops.Normalize, x: Table) -> Table:
    factor = norm.gamma / np.sqrt(norm.variance + norm.epsilon)
    return plus((x - norm.mean) * factor, norm.beta)


def activate(operation: ops.Activate, x: Table) -> Table:
    settings = describe(ACTIVATIONS, operation.function)
    name = settings.pop("name")
    if name in FUNCTIONS:
        return FUNCTIONS[name](x, **settings)
    # Others by the formula that they state, number by number.
    formula, where = operation.function.formula, operation.function.where
    function = np.frompyfunc(lambda z: compute(formula, where, z=float(z), **settings), 1, 1)
    return function(x).astype(x.dtype)


def name_outputs(operation: ops.NameOutputs, x: Table) -> Table:
    assert len(operation.names) == x.shape[1]
    return x


def read(features: Sequence[Feature], rows: list[list[Any]]) -> Table:
    def number(feature: Feature, value: Any) -> float:
        if value is None:
            return np.nan
        if feature.categories is None:
            return float(value)
        return feature.categories.index(value) if value in feature.categories else -1

    return np.array([[number(*pair) for pair in zip(features, row, strict=True)] for row in rows])


def one_hot(counts: Sequence[int | None], row: Table) -> list[float]:
    numbers: list[float] = []
    for count, value in zip(counts, row, strict=True):
        numbers += [value] if count is None else [float(i == value) for i in range(count)]
    return numbers


def recode(codes: Sequence[tuple[int, ...] | None], row: Table) -> list[float]:
    pairs = zip(codes, row, strict=True)
    return [x if new is None or not x >= 0 else new[int(x)] for new, x in pairs]


def is_nan(row: Table, columns: Sequence[int]) -> list[float]:
    return [float(row[i] != row[i]) for i in columns]


def parts_of_dates(operation: ops.DateParts, row: Table) -> list[float]:
    numbers: list[float] = []
    first = datetime(1970, 1, 1)  # noqa: DTZ001  # a day has no time zone
    for column, parts in zip(operation.columns, operation.parts, strict=True):
        date = first + timedelta(days=float(row[column]))
        known: dict[str, float] = {
            "year": date.year,
            "month": date.month,
            "weekday": date.weekday(),
        }
        known["hour"] = date.hour + date.minute / 60 + (date.second + date.microsecond / 1e6) / 3600
        numbers += [known[part] for part in parts]
    return numbers


def exp_limit(x: Table) -> Table:
    return np.asarray(87 if x.itemsize == 4 else 708, x.dtype)


def logistic(x: Table) -> Table:
    return 1 / (1 + np.exp(np.minimum(-x, exp_limit(x))))


def gelu(x: Table) -> Table:
    inner = (x * x * 0.044715 + np.asarray(1, x.dtype)) * x * float(np.sqrt(2 / np.pi))
    return (np.tanh(inner) + 1) * x / 2


FUNCTIONS: dict[str, Callable[..., Table]] = {
    "linear": lambda x: x,
    "exponential": lambda x: np.exp(np.minimum(x, exp_limit(x))),
    "relu": lambda x: np.maximum(x, 0),
    "leaky_relu": lambda x, negative_slope: np.maximum(x, x * negative_slope),
    "elu": lambda x, alpha: np.expm1(np.minimum(x, 0)) * alpha + np.maximum(x, 0),
    "gelu": gelu,
    "silu": lambda x: logistic(x) * x,
    "softplus": lambda x: np.log1p(np.exp(-np.abs(x))) + np.maximum(x, 0),
    "sigmoid": logistic,
    "tanh": np.tanh,
}


def encode_pieces(operation: ops.EncodePieces, x: Any) -> Any:
    rounded = x.astype(operation.precision).astype(x.dtype)
    pieces = zip(operation.columns, operation.lower, operation.upper, strict=True)
    ends = np.asarray([-0.5, 0.5], x.dtype)
    made = [np.interp(rounded[:, i], [a, b], ends).astype(x.dtype) for i, a, b in pieces]
    return np.column_stack([x, *made])


def embed(operation: ops.EmbedNumbers, i: int, x: Any) -> Any:
    angles = 2 * np.pi * np.outer(x[:, operation.columns[i]], operation.frequencies[i])
    return np.cos(angles + operation.phases[i]) @ operation.kernel[i] + operation.bias[i]


STEPS: dict[type, Callable[[Any, Any], Any]] = {
    ops.ReadColumns: lambda o, x: x if isinstance(x, np.ndarray) else read(o.features, x),
    ops.FlagMissing: lambda o, x: np.hstack(
        [x, [[float(np.isnan(r[i])) for i in o.columns] for r in x]]
    ),
    ops.DateParts: lambda o, x: np.hstack([x, [parts_of_dates(o, row) for row in x]]),
    ops.Impute: lambda o, x: np.where(np.isnan(x), o.values, x),
    ops.EncodeCategories: lambda o, x: np.array([one_hot(o.counts, row) for row in x]),
    ops.Cast: lambda o, x: x.astype(o.dtype),
    ops.EmbedNumbers: lambda o, x: np.hstack([x, *(embed(o, i, x) for i in range(len(o.columns)))]),
    ops.EncodePieces: encode_pieces,
    ops.ScaleInputs: lambda o, x: x * o.scale,
    ops.Dense: lambda o, x: plus(np.dot(x, o.kernel), o.bias),
    ops.Normalize: normalize,
    ops.Activate: activate,
    ops.Sigmoid: lambda _, x: logistic(x),
    ops.Softmax: lambda _, x: exp_shares(x),
    ops.Complement: lambda _, x: np.hstack([1 - x, x]),
    ops.Threshold: lambda o, x: (x > o.border).astype(int),
    ops.ArgMax: lambda _, x: x.argmax(axis=1),
    ops.DecodeLabels: lambda o, x: np.array([o.classes[i] for i in x.reshape(-1)], dtype=object),
    ops.Unscale: lambda o, x: x * o.unit + o.shift,
    ops.Exp: lambda _, x: np.exp(x),
    ops.Expm1: lambda _, x: np.expm1(x),
    ops.NameOutputs: name_outputs,
    ops.Recode: lambda o, x: np.array([recode(o.codes, row) for row in x]),
    ops.Average: lambda o, x: sum(interpret(m, x)[0] for m in o.members) / len(o.members),
}


def build(
    loss: str | dict[str, Any] = "mean_squared_error",
    classes: tuple[Any, ...] | None = None,
    *,
    preprocessing: Preprocessing | None = None,
    image: ImageFormat | None = None,
    codes: tuple[float, float] = (0.0, 1.0),
    scaling: Scaling | None = None,
    numbers: int = 1,
    names: tuple[str, ...] = (),
    hidden: Sequence[Any] = (5, 4),
    **settings: Any,
) -> Model:
    """A model whose weights and statistics are all random."""
    preprocessing = preprocessing or Preprocessing.none(number_features(3))
    settings = {"dtype": "float64", "activation": "tanh", **settings}
    count = len(classes) if classes else numbers
    if classes and len(classes) == 2 and loss != "cross_entropy":
        count = 1
    network = Network(preprocessing.outputs, list(hidden), count, loss=loss, **settings)
    rng = np.random.default_rng(0)
    network.params.flat[:] = rng.normal(scale=0.7, size=network.params.flat.size)
    for name, array in network.statistics.items():
        array[:] = rng.uniform(0.2, 3, array.shape) - (1 if name.endswith("mean") else 0)
    encoding = TargetEncoding(
        network.loss, classes, 1 if classes else numbers, codes,
        scaling=scaling or Scaling.identity(1), names=names,
    )  # fmt: skip
    return Model(network, encoding, preprocessing, image)


def numbers(rows: int = 200, columns: int = 3) -> Table:
    return np.random.default_rng(1).normal(scale=2, size=(rows, columns))


def kinds(model: Predictor) -> list[str]:
    return [type(operation).__name__ for operation in operations(model)]


def assert_complete(model: Predictor, rows: Any, ulps: int = 1) -> None:
    """Compares the interpreter's predictions, probabilities and numbers with the model's."""
    predicted, undecided = interpret(operations(model), rows)
    expected = model.predict(rows)
    tolerance = ulps * float(np.finfo(model.members[0].network.dtype).eps)
    if model.encoding.classes is None and not model.encoding.multi_label:
        assert predicted.shape == expected.shape
        np.testing.assert_allclose(predicted, expected, rtol=tolerance, atol=tolerance)
    else:
        assert predicted.tolist() == expected.tolist()
        assert len(set(expected.reshape(-1).tolist())) > 1  # all alike would prove nothing
    if model.encoding.probabilities:
        probabilities = model.predict_proba(rows)
        assert undecided.shape == probabilities.shape
        np.testing.assert_allclose(undecided, probabilities, rtol=tolerance, atol=tolerance)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_every_activation_hidden_and_on_the_output(activation: str, dtype: str) -> None:
    model = build(activation=activation, output_activation=activation, dtype=dtype, numbers=2)
    # A formula computed number by number is rounded differently, and layers amplify that.
    assert_complete(model, numbers(), ulps=1 if activation in FUNCTIONS else 64)


@pytest.mark.parametrize(
    "activation",
    [{"name": "leaky_relu", "negative_slope": 0.3}, {"name": "elu", "alpha": 2.5}],
    ids=lambda activation: str(activation["name"]),
)
def test_an_activation_keeps_its_settings(activation: dict[str, Any]) -> None:
    assert_complete(build(activation=activation), numbers())


@pytest.mark.parametrize("columns", [None, (1,), (2, 0)])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_what_comes_before_the_first_layer(dtype: str, columns: tuple[int, ...] | None) -> None:
    waves = {"columns": columns, "waves": 6, "size": 2}
    model = build(input_scale=True, numeric_embedding=columns and waves, dtype=dtype)
    assert ("EmbedNumbers" in kinds(model)) == bool(columns)
    assert "ScaleInputs" in kinds(model)
    assert_complete(model, numbers(), ulps=1000)  # sums are in another order


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_pieces_of_columns_before_the_first_layer(dtype: str) -> None:
    edges = ((-1.0, 0.25, 2.0), (3.0,), (-2.0, -1.0, 0.0, 1.5))
    pieces = {"name": "piecewise_linear", "columns": (2, 1, 0), "edges": edges}
    model = build(input_scale=True, numeric_embedding=pieces, dtype=dtype)
    assert kinds(model)[2:4] == ["EncodePieces", "ScaleInputs"]
    assert_complete(model, numbers(), ulps=1000)
    constant = {"name": "piecewise_linear", "columns": (1,), "edges": ((3.0,),)}
    model = build(numeric_embedding=constant, dtype=dtype)
    assert "EncodePieces" not in kinds(model)
    assert_complete(model, numbers())


@pytest.mark.parametrize("use_bias", [True, False])
@pytest.mark.parametrize("batch_norm", [True, {"epsilon": 0.3, "momentum": 0.5}])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_batch_normalization_by_the_averages(dtype: str, batch_norm: Any, use_bias: bool) -> None:
    model = build(batch_norm=batch_norm, use_bias=use_bias, dtype=dtype, dropout=0.4)
    assert "Normalize" in kinds(model)
    assert_complete(model, numbers())


@pytest.mark.parametrize("hidden", [(), (1,), (3, 2, 3)], ids=str)
def test_every_depth(hidden: tuple[int, ...]) -> None:
    model = build(hidden=hidden)
    assert kinds(model).count("Dense") == len(hidden) + 1
    assert_complete(model, numbers())


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("loss", REGRESSION)
@pytest.mark.parametrize("codes", [(0.0, 1.0), (-1.0, 1.0)])
@pytest.mark.parametrize("classes", [("no", "yes"), (-1, 1), (False, True), ("a", "b", "c")])
def test_classes_under_a_regression_loss(
    classes: tuple[Any, ...], codes: tuple[float, float], loss: str, dtype: str
) -> None:
    model = build(loss, classes, codes=codes, dtype=dtype)
    assert kinds(model)[-2:] == ["Threshold" if len(classes) == 2 else "ArgMax", "DecodeLabels"]
    assert_complete(model, numbers())


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("classes", [("no", "yes"), (0, 1), ("a", "b", "c")])
def test_probabilities_of_classes(classes: tuple[Any, ...], dtype: str) -> None:
    model = build("cross_entropy", classes, dtype=dtype)
    assert kinds(model)[-3:] == ["Softmax", "ArgMax", "DecodeLabels"]
    assert_complete(model, numbers())


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_the_probability_of_the_second_of_two_classes(dtype: str) -> None:
    model = build("binary_cross_entropy", ("no", "yes"), dtype=dtype)
    assert kinds(model)[-4:] == ["Sigmoid", "Complement", "ArgMax", "DecodeLabels"]
    assert_complete(model, numbers())


def test_at_one_half_the_first_of_two_classes_is_chosen_and_just_above_the_second() -> None:
    model = build("binary_cross_entropy", ("no", "yes"), hidden=[], dtype="float32")
    model.network.params.flat[:] = [1, 0, 0, 0]  # one logit, x1 itself
    rows = [[value, 0, 0] for value in (0.0, 1e-9, -1e-9, 3e-7, -3e-7, 1e-6)]
    assert interpret(operations(model), rows)[0].tolist() == model.predict(rows).tolist()


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_several_labels(dtype: str) -> None:
    model = build("binary_cross_entropy", numbers=3, names=("sun", "rain", "wind"), dtype=dtype)
    named = operations(model)[-1]
    assert isinstance(named, ops.NameOutputs)
    assert named.names == ("sun", "rain", "wind")
    assert kinds(model)[-3:] == ["Sigmoid", "Threshold", "NameOutputs"]
    assert_complete(model, numbers())


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_several_numbers_in_their_own_units(dtype: str) -> None:
    scaling = Scaling(np.array([5.0, -1e6]), 1 / np.array([0.25, 3e4]))
    model = build(numbers=2, scaling=scaling, dtype=dtype)
    assert kinds(model)[-2:] == ["Unscale", "NameOutputs"]
    assert_complete(model, numbers())


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("scaling", [None, Scaling(np.array([5.0]), 1 / np.array([0.25]))])
@pytest.mark.parametrize(("transform", "kind"), [("log", "Exp"), ("log1p", "Expm1")])
def test_numbers_whose_logarithms_were_learned(
    transform: str, kind: str, scaling: Scaling | None, dtype: str
) -> None:
    model = build(scaling=scaling, dtype=dtype)
    encoding = replace(model.encoding, transform=TARGET_TRANSFORMS[transform])
    model = replace(model, encoding=encoding)
    assert kinds(model)[-2:] == [kind, "NameOutputs"]
    assert kinds(model).count("Unscale") == (scaling is not None)
    assert_complete(model, numbers(), ulps=8)


TABLE = (Feature("age"), Feature("colour", ("blue", "green", "red")), Feature("size"))
ROWS: list[list[Any]] = [
    [1.5, "red", 20.0],
    [None, "blue", -3.0],
    [2.5, None, 1e5],
    [1e-3, "purple", None],
    [None, None, None],
    *([float(i), ("blue", "green", "red")[i % 3], 7.0 * i] for i in range(40)),
]


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_a_table_with_categories_missing_values_and_scaling(dtype: str) -> None:
    scaling = Scaling(np.array([2.0, 0, 100]), np.array([0.7, 1, 0.003]))
    preprocessing = Preprocessing(TABLE, scaling, np.array([2.0, 1, 50]))
    model = build("cross_entropy", ("a", "b", "c"), preprocessing=preprocessing, dtype=dtype)
    assert kinds(model)[:5] == ["ReadColumns", "Impute", "Scale", "EncodeCategories", "Cast"]
    assert_complete(model, ROWS)


def test_only_what_a_model_needs_is_in_its_list() -> None:
    assert kinds(build(hidden=[])) == ["ReadColumns", "Cast", "Dense", "NameOutputs"]
    categories = build(preprocessing=Preprocessing.none(TABLE), hidden=[])
    assert kinds(categories)[:3] == ["ReadColumns", "EncodeCategories", "Cast"]
    rows = [row for row in ROWS if all(value is not None for value in row)]
    assert_complete(categories, rows)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("scaling", [(0.0, 1 / 255), (33.3, 1 / 78.6)])
def test_images_as_bytes_and_as_floats(scaling: tuple[float, float], dtype: str) -> None:
    pixels = np.random.default_rng(2).integers(0, 256, (60, 12)).astype(np.uint8)
    shared = Scaling(np.array(scaling[0]), np.array(scaling[1]))
    preprocessing = Preprocessing(number_features(12), shared, np.full(12, np.nan))
    model = build(
        "cross_entropy", tuple("0123"), preprocessing=preprocessing,
        image=ImageFormat(3, 4, 255), dtype=dtype,
    )  # fmt: skip
    model.network.params.flat[:] *= 3  # so that images are not all of one class
    assert_complete(model, pixels)
    assert_complete(model, pixels.astype(np.float64))


def test_a_model_read_from_a_file_has_the_same_operations(tmp_path: Any) -> None:
    preprocessing = Preprocessing(TABLE, Scaling.identity(3), np.array([2.0, 1, 50]))
    model = build(batch_norm=True, preprocessing=preprocessing, numbers=2)
    model.save(tmp_path / "weights.npz")
    twin = Model.load(tmp_path / "weights.npz")
    assert repr(operations(twin)) == repr(operations(model))


def test_weights_are_views_of_the_network() -> None:
    model = build()
    dense = next(o for o in operations(model) if isinstance(o, ops.Dense))
    model.network.params.flat[:] = 7.0
    assert (dense.kernel == 7.0).all()


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_missing_values_are_marked_and_dates_taken_apart(dtype: str) -> None:
    features = (
        Feature("width"),
        Feature("colour", ("blue", "red")),
        Feature("born", date_format="%Y-%m-%d %H:%M"),
        Feature("day", date_format="%d.%m.%Y"),
    )
    rng = np.random.default_rng(3)
    rows = np.column_stack(
        [
            rng.normal(size=80),
            rng.integers(-1, 2, 80),
            rng.integers(-400_000, 400_000, 80) / 64,
            rng.integers(-30_000, 30_000, 80),
        ]
    )
    rows[rng.random(rows.shape) < 0.2] = np.nan
    targets = rng.integers(0, 2, 80)
    dataset = Dataset({"train": Split(rows, targets)}, features, ("no", "yes"))
    preprocessing = Preprocessing.fit(dataset, "standardize", impute=True)
    model = build("cross_entropy", ("no", "yes"), preprocessing=preprocessing, dtype=dtype)
    assert kinds(model)[:6] == [
        "ReadColumns", "FlagMissing", "Impute", "DateParts", "Scale", "EncodeCategories",
    ]  # fmt: skip
    assert preprocessing.outputs == 1 + 3 + 1 + 1 + 3 + 4 + 3
    assert_complete(model, rows, ulps=4)


def perturbed(model: Model) -> Model:
    """A model of the same kind with other weights."""
    network = Network(**model.network.describe(), initializer="zeros")
    rng = np.random.default_rng(7)
    network.weights[:] = model.network.weights + rng.normal(scale=0.2, size=network.weights.size)
    return replace(model, network=network, encoding=replace(model.encoding, loss=network.loss))


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize(
    ("loss", "classes", "last"),
    [
        ("cross_entropy", ("a", "b", "c"), ["Average", "ArgMax", "DecodeLabels"]),
        ("binary_cross_entropy", (0, 1), ["Average", "Complement", "ArgMax", "DecodeLabels"]),
        ("hinge", (0, 1), ["Average", "Threshold", "DecodeLabels"]),
        ("huber", None, ["Average", "NameOutputs"]),
    ],
)
def test_an_ensemble_averages_what_its_members_compute(
    loss: str, classes: tuple[Any, ...] | None, last: list[str], dtype: str
) -> None:
    model = build(loss, classes, dtype=dtype)
    ensemble = Ensemble([model, perturbed(model)])
    assert kinds(ensemble) == ["ReadColumns", *last]
    assert_complete(ensemble, numbers(), ulps=4)


def test_members_of_folds_know_other_categories_and_have_other_units() -> None:
    few = (TABLE[0], Feature("colour", ("red", "blue")), TABLE[2])
    scaling = Scaling(np.array([2.0, 0, 100]), np.array([0.7, 1, 0.003]))
    fill = np.array([2.0, 1, 50])
    members = [
        build(preprocessing=Preprocessing(features, scaling, fill), scaling=units)
        for features, units in (
            (TABLE, Scaling(np.array([5.0]), np.array([4.0]))),
            (few, Scaling(np.array([-3.0]), np.array([0.5]))),
        )
    ]
    ensemble = Ensemble(members, TABLE)
    assert kinds(ensemble) == ["ReadColumns", "Average", "Unscale", "NameOutputs"]
    (average,) = (o for o in operations(ensemble) if isinstance(o, ops.Average))
    first, second = ([type(o).__name__ for o in steps] for steps in average.members)
    assert not {"Recode", "Unscale"} & set(first)
    assert second[0] == "Recode"
    assert second[-1] == "Unscale"
    assert_complete(ensemble, ROWS, ulps=4)
