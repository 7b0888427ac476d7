"""Models of every kind, with random weights, and rows to predict with them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from nnscratch.data.dataset import Feature, ImageFormat, number_features
from nnscratch.data.preprocessing import Preprocessing
from nnscratch.data.scaling import Scaling
from nnscratch.data.tables import Layout, Notation, TableFormat
from nnscratch.data.target_encoding import TargetEncoding
from nnscratch.data.target_transform import TARGET_TRANSFORMS
from nnscratch.errors import NNScratchError
from nnscratch.export.self_test import make_rows, values_of
from nnscratch.export.subject import Subject
from nnscratch.model.ensemble import Ensemble
from nnscratch.model.model import Model
from nnscratch.model.predictor import Predictor
from nnscratch.nn.activations import ACTIVATIONS
from nnscratch.nn.network import Network

HOSTILE = (
    'a"b\'c\\', "line\nbreak\r", "</script><script>hit()</script>", "*/ int hit; /*", "'''\"\"\"",
    "größe 漢字 \u202e\u2028 \U0001f600", "int", "class", "return", "x" * 300, "%s%n{}${1}`", "??/",
)  # fmt: skip


@dataclass(frozen=True)
class Case:
    """A model, and what `predict` answers for some rows.

    Attributes:
        subject: The model.
        rows: A value for each column, None where it is missing.
        numbers: The rows as numbers.
        answers: Classes, or numbers, or 0 and 1 for labels.
        values: What these are made from.
    """

    subject: Subject
    rows: list[list[Any]]
    numbers: list[list[float]]
    answers: list[Any]
    values: list[list[float]]


def case_of(model: Predictor, count: int, name: str = "model") -> Case:
    """Returns a model with its answers for made-up rows."""
    subject = Subject.of(model, name)
    rows = make_rows(subject, count)
    table = model.as_table(rows)
    answers, values = model.predict(table).tolist(), values_of(model, table).tolist()
    return Case(subject, rows, table.tolist(), answers, values)


def build(
    loss: str | dict[str, Any] = "mean_squared_error",
    classes: tuple[Any, ...] | None = None,
    *,
    preprocessing: Preprocessing | None = None,
    numbers: int = 1,
    names: tuple[str, ...] = (),
    codes: tuple[float, float] = (0.0, 1.0),
    scaling: Scaling | None = None,
    transform: str = "none",
    image: ImageFormat | None = None,
    table: TableFormat | None = None,
    hidden: Sequence[Any] = (6, 4),
    spread: float = 0.6,
    seed: int = 4,
    **settings: Any,
) -> Model:
    """Returns a model whose weights and statistics are all random."""
    preprocessing = preprocessing or Preprocessing.none(number_features(3))
    count = len(classes) if classes else numbers
    if classes and len(classes) == 2 and loss != "cross_entropy":
        count = 1
    settings = {"activation": "tanh", **settings}
    network = Network(preprocessing.outputs, list(hidden), count, loss=loss, **settings)
    rng = np.random.default_rng(seed)
    network.params.flat[:] = rng.normal(scale=spread, size=network.params.flat.size)
    for name, array in network.statistics.items():
        array[:] = rng.uniform(0.2, 3, array.shape) - (1 if name.endswith("mean") else 0)
    encoding = TargetEncoding(
        network.loss, classes, 1 if classes else numbers, codes,
        scaling=scaling or Scaling.identity(1), names=names,
        transform=TARGET_TRANSFORMS[transform],
    )  # fmt: skip
    model = Model(network, encoding, preprocessing, image, table)
    if network.use_bias and (classes or loss == "binary_cross_entropy"):
        logits = model.logits(model.as_table(make_rows(Subject.of(model), 30)))
        list(network.params.values())[-1][:] -= np.median(logits, axis=0)  # so that answers differ
    return model


def table_of_people() -> Preprocessing:
    """Numbers and categories that may be missing, dates and times."""
    features = (
        Feature("age"),
        Feature("colour", ("blue", "green", "red")),
        Feature("since", date_format="%d.%m.%Y"),
        Feature("size", ("L", "S")),
        Feature("seen", date_format="%Y-%m-%d %H:%M:%S"),
        Feature("weight"),
        Feature("opens", date_format="%H:%M"),
    )
    fill = np.array([44.0, 3, 9000, -1, 12000.25, 70, 0.5])
    units = [9, 1, 4000, 1, 3000, 11, 0.2, 1, 1, 30, 3, 2, 30, 3, 2, 6]
    shifts = [41, 0, 9100, 0, 12500, 71, 0.4, 0, 0, 1995, 6, 3, 2004, 6, 3, 12]
    scaling = Scaling(np.array(shifts, np.float64), 1 / np.array(units))
    return Preprocessing(features, scaling, fill, flagged=(0, 5))


def picture(height: int, width: int, largest: float) -> dict[str, Any]:
    """Returns the arguments of `build` for images."""
    features = number_features(height * width, "pixel")
    scaling = Scaling(np.array(0.3 * largest), np.array(2 / largest))
    preprocessing = Preprocessing(features, scaling, np.full(len(features), np.nan))
    return {"preprocessing": preprocessing, "image": ImageFormat(height, width, largest)}


def folds() -> Ensemble:
    """Networks that know other categories, and have learned other units and layers."""
    every = table_of_people()
    colour = Feature("colour", ("red", "blue"))
    few = Preprocessing(
        (every.features[0], colour, *every.features[2:]), every.scaling,
        np.where(np.arange(7) == 1, 2.0, every.fill), every.flagged,
    )  # fmt: skip
    units = (Scaling(np.array([5.0]), np.array([4.0])), Scaling(np.array([-3.0]), np.array([0.5])))
    members = [
        build(preprocessing=every, scaling=units[0]),
        build(preprocessing=few, scaling=units[1], activation="elu", dtype="float64", seed=9),
    ]
    return Ensemble(members, every.features)


def committee() -> Ensemble:
    """Three networks that agree on the classes."""
    return Ensemble([build("cross_entropy", ("a", "b", "c"), seed=seed) for seed in (1, 2, 3)])


def hostile() -> Model:
    """A model all names of which are hostile."""
    features = (*map(Feature, HOSTILE), Feature("x", (*sorted(HOSTILE),)))
    preprocessing = Preprocessing(features, Scaling.identity(), np.full(len(features), np.nan))
    return build("cross_entropy", HOSTILE, preprocessing=preprocessing)


def _activation(name: str) -> Callable[[], Model]:
    # Exponentials of exponentials soon reach the end of float32.
    spread = 0.2 if name == "exponential" else 0.6
    return lambda: build(activation=name, output_activation=name, numbers=2, spread=spread)


def _pieces(*columns: int) -> dict[str, Any]:
    """A constant column, one of two values, one of narrow pieces and one of many."""
    steep = np.float32(0.3) + np.float32(1e-4) * np.arange(-3, 4, dtype=np.float32)
    many = np.linspace(-2, 2, 257, dtype=np.float32)
    edges = ([5.0], [0.0, 1.0], steep.tolist(), many.tolist())
    evenly = np.linspace(1, 0, 256).tolist()
    means: tuple[list[float], ...] = ([], [0.3], [0.9, 0.75, 0.5, 0.25, 0.125, 0.0], evenly)
    return {"name": "piecewise_linear", "columns": columns, "edges": edges, "means": means}


_PEOPLE: dict[str, Any] = {"hidden": (8,)}
_COMMAS = TableFormat(
    Layout(separator=";"), Notation(("none", "-"), decimal=",", thousands=".", strip=("€",))
)
MODELS: dict[str, Callable[[], Predictor]] = {
    "two-classes": lambda: build("binary_cross_entropy", ("no", "yes")),
    "three-classes": lambda: build("cross_entropy", ("a", "b", "c"), dtype="float64"),
    "people": lambda: build(
        "cross_entropy", (1, 2, 3), preprocessing=table_of_people(), hidden=(8,)
    ),
    "picture": lambda: build("cross_entropy", tuple(range(10)), **picture(8, 8, 16.0), spread=0.3),
    "labels": lambda: build("binary_cross_entropy", numbers=3, names=("sun", "rain", "wind")),
    "log": lambda: build(
        transform="log",
        scaling=Scaling(np.array([5.0]), 1 / np.array([0.7])),
        preprocessing=table_of_people(),
    ),
    "hostile": hostile,
    "batch-norm": lambda: build("cross_entropy", (True, False), batch_norm=True, dropout=0.4),
    "folds": folds,
    "committee": committee,
    # So far in order of importance: what is tested quickly takes the first ones.
    "no-bias": lambda: build(
        batch_norm={"epsilon": 0.3, "momentum": 0.5}, use_bias=False, dtype="float64"
    ),
    "log1p": lambda: build(transform="log1p", numbers=2, names=("now", "later")),
    "several-numbers": lambda: build(
        numbers=2, scaling=Scaling(np.array([5.0, -1e6]), 1 / np.array([0.25, 3e4]))
    ),
    "one-label": lambda: build("binary_cross_entropy", numbers=1, names=("sun",)),
    "hinge": lambda: build("hinge", ("no", "yes")),
    "hinge-of-three": lambda: build("hinge", ("a", "b", "c")),
    "squares": lambda: build("mean_squared_error", (0, 1), codes=(-1.0, 1.0)),
    "numbers-for-classes": lambda: build("cross_entropy", (0.5, 1.5, -2.0), hidden=()),
    "large-picture": lambda: build(
        "cross_entropy", tuple(range(10)), **picture(28, 28, 255.0), hidden=(40,), spread=0.1
    ),
    "comma": lambda: build(table=_COMMAS, hidden=(2,)),
    "wide": lambda: build(hidden=(700, 3), spread=0.05),
    "embedded": lambda: build(
        "cross_entropy",
        (1, 2, 3),
        preprocessing=table_of_people(),
        numeric_embedding={"columns": (9, 0), "waves": 30, "size": 2},
        input_scale=True,
        activation="selu",
    ),
    "embedded-little": lambda: build(
        numeric_embedding={"columns": (1,), "waves": 2, "size": 1}, input_scale=True
    ),
    "pieces": lambda: build(
        "cross_entropy",
        (1, 2, 3),
        preprocessing=table_of_people(),
        numeric_embedding=_pieces(9, 6, 5, 0),
        input_scale=True,
    ),
    "pieces-in-float64": lambda: build(
        preprocessing=Preprocessing.none(number_features(4)),
        numeric_embedding=_pieces(1, 3, 0, 2),
        dtype="float64",
        numbers=2,
    ),
    "slope": lambda: build(activation={"name": "leaky_relu", "negative_slope": 0.3}),
    "bottom": lambda: build(activation={"name": "elu", "alpha": 2.5}, dtype="float64"),
    "embedded-picture": lambda: build(
        "cross_entropy",
        (0, 1, 2),
        **picture(8, 8, 16.0),
        spread=0.3,
        dtype="float64",
        input_scale=True,
        numeric_embedding={"columns": (27,), "waves": 4, "size": 1},
    ),
    **{f"activation-{name}": _activation(name) for name in ACTIVATIONS},
}
IMPORTANT = tuple(MODELS)[:10]


ODD_VALUES: tuple[Any, ...] = (
    *(None, "", "  ", "nan", "NA", "never seen", "abc", True, [1], {"a": 1}, "1_000", "inf"),
    *("(5)", "−3", " 7 ", "+4.5e-1", "1e400", 1e39, -1e39, 1e300, "1e39", "0x10", "1.000,5"),
    *("31.12.1999", "29.02.2023", "2024-02-29 23:59:59", "23:59", "25:00", "red", " red", 0),
    *(-1, "5,5 €", "-inf"),
)


def odd_cases(model: Predictor) -> list[tuple[list[Any], Any]]:
    """Returns rows with an odd value in one column, and the answer; None where it is refused."""
    (usual,) = make_rows(Subject.of(model), 1)
    found = []
    for column in range(min(len(usual), 7)):
        for value in ODD_VALUES:
            row = [*usual]
            row[column] = value
            try:
                (answer,) = model.predict([row]).tolist()
            except NNScratchError:
                answer = None
            except RuntimeWarning:
                continue  # days beyond the calendar of NumPy
            found.append((row, answer))
    return found
