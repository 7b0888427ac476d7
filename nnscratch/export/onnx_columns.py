"""The operations on the columns of a row, in ONNX: each adds itself to a graph, in float64."""

import numpy as np

from nnscratch.data.dataset import Feature
from nnscratch.export.formula_reader import date_formulas
from nnscratch.export.onnx_graph import DTYPES, Graph
from nnscratch.model import operation as op

_FLOAT, _DOUBLE, _STRING = DTYPES["float32"], DTYPES["float64"], 8
# float has 24 bits: of a column whose mean is further from 0 than this many standard deviations,
# it would keep too few.
_FAR = 1000.0


def read_columns(operation: op.ReadColumns, graph: Graph) -> None:
    """Makes an input of each column, or of all pixels, and refuses what `predict` would."""
    image = graph.subject.model.image
    if image is not None:
        name = graph.add_input("image", _FLOAT, [image.height, image.width])
        shape = graph.constant(np.array([-1, image.height * image.width]))
        graph.x = graph.cast(graph.add("Reshape", name, shape), "float64")
    else:
        columns = [_read(feature, i, graph) for i, feature in enumerate(operation.features)]
        graph.x = graph.add("Concat", *columns, axis=1)
    bad = graph.add("IsInf", graph.cast(graph.x, "float32"))
    if not graph.subject.may_be_missing:
        bad = graph.add("Or", bad, graph.add("IsNaN", graph.x))
    graph.refuse(bad, "a value is missing, or not a finite number")


def _read(feature: Feature, index: int, graph: Graph) -> str:
    """Returns a column as numbers in float64, (rows, 1)."""
    if feature.categories is None:
        is_fine = feature.date_format is None and not _is_far(index, graph)
        name = graph.add_input(feature.name, _FLOAT if is_fine else _DOUBLE, [1])
        return graph.cast(name, "float64")
    codes = {category: float(code) for code, category in enumerate(feature.categories)}
    codes |= dict.fromkeys(("", *graph.subject.model.notation.missing_values), float("nan"))
    encoded = graph.add(
        "LabelEncoder",
        graph.add_input(feature.name, _STRING, [1]),
        domain="ai.onnx.ml",
        keys_strings=[key.encode("utf-8", "surrogatepass") for key in codes],
        values_floats=list(codes.values()),
        default_float=-1.0,
    )
    return graph.cast(encoded, "float64")


def _is_far(index: int, graph: Graph) -> bool:
    scaling = graph.subject.model.members[0].preprocessing.scaling
    if scaling.shift.ndim == 0:
        return False
    return bool(abs(scaling.shift[index] * scaling.factor[index]) > _FAR)


def recode(operation: op.Recode, graph: Graph) -> None:
    """Replaces indices of categories by a member's own."""
    columns = []
    for i, codes in enumerate(operation.codes):
        column = graph.column(i)
        if codes is not None:
            is_known = graph.add("GreaterOrEqual", column, graph.number(0.0))
            place = graph.cast(graph.add("Where", is_known, column, graph.number(0.0)), "int64")
            new = graph.constant(np.array(codes, np.float64))
            column = graph.add("Where", is_known, graph.add("Gather", new, place, axis=0), column)
        columns.append(column)
    graph.x = graph.add("Concat", *columns, axis=1)


def flag_missing(operation: op.FlagMissing, graph: Graph) -> None:
    """Appends a number for each column that may lack a value."""
    flagged = graph.add("Gather", graph.x, graph.constant(np.array(operation.columns)), axis=1)
    graph.append(graph.cast(graph.add("IsNaN", flagged), "float64"))


def impute(operation: op.Impute, graph: Graph) -> None:
    """Fills in missing values."""
    is_missing = graph.add("IsNaN", graph.x)
    graph.x = graph.add("Where", is_missing, graph.constant(operation.values), graph.x)


def add_date_parts(operation: op.DateParts, graph: Graph) -> None:
    """Appends the parts of dates."""
    columns = []
    for column, parts in zip(operation.columns, operation.parts, strict=True):
        days = graph.column(column)
        columns += [graph.apply_each(each, days) for each in date_formulas(parts).values()]
    graph.append(*columns)


def scale(operation: op.Scale, graph: Graph) -> None:
    """Brings all columns to about the same size."""
    graph.apply("Sub", graph.constant(operation.shift))
    graph.apply("Mul", graph.constant(operation.factor))


def encode_categories(operation: op.EncodeCategories, graph: Graph) -> None:
    """Replaces each category by as many numbers as there are."""
    columns = []
    for i, count in enumerate(operation.counts):
        column = graph.column(i)
        if count is not None:
            levels = graph.constant(np.arange(count, dtype=np.float64))
            column = graph.cast(graph.add("Equal", column, levels), "float64")
        if count != 0:
            columns.append(column)
    graph.x = graph.add("Concat", *columns, axis=1)


COLUMN_OPERATIONS = (
    read_columns,
    recode,
    flag_missing,
    impute,
    add_date_parts,
    scale,
    encode_categories,
)
