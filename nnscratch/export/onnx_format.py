"""ONNX: a graph with the preprocessing inside, checked and run before it is written."""

from functools import singledispatch

import numpy as np

from nnscratch.export.formats import Export, refuse
from nnscratch.export.formula_reader import formula_of
from nnscratch.export.onnx_columns import COLUMN_OPERATIONS
from nnscratch.export.onnx_graph import DTYPES, Graph, import_onnx
from nnscratch.export.onnx_session import check, encoded_classes
from nnscratch.export.subject import Subject
from nnscratch.model import operation as op

# A file of ONNX has at most 2 GiB.
MOST_NUMBERS = 500_000_000
# Old runtimes load these.
_IR_VERSION, _OPSET, _ML_OPSET = 8, 17, 3
_FLOAT = DTYPES["float32"]
OUTPUTS = ("label", "probabilities", "outputs", "prediction")


def write(subject: Subject) -> Export:
    """Returns an ONNX file, which onnx has checked and onnxruntime has run.

    Raises:
        NNScratchError: A package is not installed; the network is too large, or has an operation
            that is not known here.
    """
    subject.check_size(MOST_NUMBERS, "ONNX")
    helper = import_onnx("onnx.helper")
    import_onnx("onnxruntime")
    graph = Graph(subject, taken=set(OUTPUTS))
    for operation in subject.computation:
        add(operation, graph)
    graph.refuse(graph.not_finite(graph.x), "the outputs overflow")
    graph.values = graph.x
    for operation in subject.decision:
        add(operation, graph)
    model = helper.make_model(
        helper.make_graph(graph.nodes, subject.name, graph.inputs, graph.outputs, graph.constants),
        opset_imports=[
            helper.make_opsetid("", _OPSET),
            helper.make_opsetid("ai.onnx.ml", _ML_OPSET),
        ],
        ir_version=_IR_VERSION,
        producer_name="nnscratch",
        producer_version=subject.maker.rpartition(" ")[2],
    )
    names = "\n".join(subject.value_names).encode("utf-8", "replace").decode()
    helper.set_model_props(
        model, {"names": names, "trained": subject.trained, "data": subject.data}
    )
    content: bytes = model.SerializeToString()
    check(subject, content)
    return Export({".onnx": content}, _describe_inputs(graph))


def _describe_inputs(graph: Graph) -> tuple[str, ...]:
    inputs = ", ".join(f"{each.name!a}" for each in graph.inputs[:5])
    more = f" and {len(graph.inputs) - 5} more" if len(graph.inputs) > 5 else ""
    outputs = " and ".join(each.name for each in graph.outputs)
    return (f"inputs {inputs}{more}; outputs {outputs}",)


@singledispatch
def add(operation: op.Operation, graph: Graph) -> None:
    """Adds an operation to a graph.

    Raises:
        NNScratchError: It is not known to this format.
    """
    raise refuse(operation, "onnx")


for function in COLUMN_OPERATIONS:
    add.register(function)


@add.register
def _(operation: op.Cast, graph: Graph) -> None:
    graph.dtype = operation.dtype
    graph.x = graph.cast(graph.x, operation.dtype)


@add.register
def _(operation: op.EmbedNumbers, graph: Graph) -> None:
    columns = graph.add("Gather", graph.x, graph.constant(np.array(operation.columns)), axis=1)
    places = graph.add("Unsqueeze", columns, graph.constant(np.array([2])))
    turns = (2 * np.pi * operation.frequencies).astype(graph.dtype)
    # cos(a) = sin(a + π/2); onnxruntime has no cosine of float64.
    phases = (operation.phases + np.pi / 2).astype(graph.dtype)
    angles = graph.add("Mul", places, graph.constant(turns))
    waves = graph.add("Sin", graph.add("Add", angles, graph.constant(phases)))
    by_column = graph.add("Transpose", waves, perm=[1, 0, 2])  # (columns, rows, waves)
    sums = graph.add("MatMul", by_column, graph.constant(operation.kernel), name=operation.name)
    sums = graph.add("Add", sums, graph.constant(operation.bias[:, np.newaxis]))
    by_row = graph.add("Transpose", sums, perm=[1, 0, 2])
    graph.append(graph.add("Reshape", by_row, graph.constant(np.array([-1, operation.bias.size]))))


@add.register
def _(operation: op.EncodePieces, graph: Graph) -> None:
    columns = graph.constant(np.array(operation.columns, np.int64))
    lower = graph.constant(operation.lower)
    x = graph.add("Gather", graph.x, columns, axis=1)
    x = graph.add("Min", graph.add("Max", x, lower), graph.constant(operation.upper))
    width = graph.constant(operation.upper - operation.lower)
    shares = graph.add("Div", graph.add("Sub", x, lower), width, name=operation.name)
    graph.append(graph.add("Sub", shares, graph.constant(operation.mean)))


@add.register
def _(operation: op.ScaleInputs, graph: Graph) -> None:
    graph.apply("Mul", graph.constant(operation.scale), name=operation.name)


@add.register
def _(operation: op.Dense, graph: Graph) -> None:
    graph.apply("MatMul", graph.constant(operation.kernel), name=operation.name)
    if operation.bias is not None:
        graph.apply("Add", graph.constant(operation.bias))


@add.register
def _(operation: op.Normalize, graph: Graph) -> None:
    variance = operation.variance.astype(np.float64)
    factor = operation.gamma / np.sqrt(variance + operation.epsilon)
    graph.apply("Sub", graph.constant(operation.mean), name=operation.name)
    graph.apply("Mul", graph.constant(factor.astype(graph.dtype)))
    if operation.beta is not None:
        graph.apply("Add", graph.constant(operation.beta))


@add.register
def _(operation: op.Activate, graph: Graph) -> None:
    graph.x = graph.apply_each(formula_of(operation.function, graph.dtype), graph.x)


@add.register
def _(operation: op.Sigmoid, graph: Graph) -> None:
    graph.apply("Sigmoid")


@add.register
def _(operation: op.Softmax, graph: Graph) -> None:
    graph.apply("Softmax", axis=1)


@add.register
def _(operation: op.Complement, graph: Graph) -> None:
    graph.x = graph.add("Concat", graph.add("Sub", graph.number(1.0), graph.x), graph.x, axis=1)


@add.register
def _(operation: op.Average, graph: Graph) -> None:
    numbers, results = graph.x, []
    for member in operation.members:
        graph.x, graph.dtype = numbers, "float64"
        for each in member:
            add(each, graph)
        results.append(graph.cast(graph.x, "float64"))
    graph.dtype = "float64"
    total = graph.add("Sum", *results)
    graph.x = graph.add("Mul", total, graph.number(1 / len(results)))


@add.register
def _(operation: op.Unscale, graph: Graph) -> None:
    graph.x, graph.dtype = graph.cast(graph.x, "float64"), "float64"
    graph.apply("Mul", graph.constant(operation.unit))
    graph.apply("Add", graph.constant(operation.shift))


@add.register
def _(operation: op.Exp, graph: Graph) -> None:
    graph.x, graph.dtype = graph.cast(graph.x, "float64"), "float64"
    graph.apply("Exp")


@add.register
def _(operation: op.Expm1, graph: Graph) -> None:
    graph.x, graph.dtype = graph.cast(graph.x, "float64"), "float64"
    graph.apply("Exp")
    graph.apply("Sub", graph.number(1.0))


@add.register
def _(operation: op.Threshold, graph: Graph) -> None:
    border = graph.number(operation.border)
    graph.x = graph.cast(graph.add("Greater", graph.x, border), "int64")
    if not graph.subject.model.encoding.multi_label:
        graph.x = graph.add("Reshape", graph.x, graph.constant(np.array([-1])))


@add.register
def _(operation: op.ArgMax, graph: Graph) -> None:
    graph.apply("ArgMax", axis=1, keepdims=0)


@add.register
def _(operation: op.DecodeLabels, graph: Graph) -> None:
    classes, kind = encoded_classes(operation.classes)
    label = graph.add("Gather", graph.constant(classes), graph.x, axis=0)
    graph.add_output(label, "label", kind, [])
    _add_values(graph, "probabilities" if graph.subject.model.encoding.probabilities else "outputs")


@add.register
def _(operation: op.NameOutputs, graph: Graph) -> None:
    if graph.subject.model.encoding.multi_label:
        graph.add_output(graph.x, "label", DTYPES["int64"], [len(operation.names)])
        _add_values(graph, "probabilities")
    else:
        _add_values(graph, "prediction")


def _add_values(graph: Graph, name: str) -> None:
    values = graph.cast(graph.values, "float32")
    graph.add_output(values, name, _FLOAT, [len(graph.subject.value_names)])
