"""An ONNX graph while it is being written: nodes, constants, and the tensor that comes last."""

from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnscratch.errors import NNScratchError
from nnscratch.export.formula import Expression, Formula
from nnscratch.export.subject import Subject

_OPERATORS: dict[str, str] = {
    "+": "Add",
    "-": "Sub",
    "*": "Mul",
    "/": "Div",
    ">": "Greater",
    ">=": "GreaterOrEqual",
    "<": "Less",
    "<=": "LessOrEqual",
    "if": "Where",
    **{name: name.title() for name in ("max", "min", "exp", "log", "tanh", "sqrt", "abs", "floor")},
}
# What ONNX calls types.
DTYPES = {"float32": 1, "float64": 11, "int64": 7, "bool": 9}
_OWN = "nnscratch"


def import_onnx(name: str) -> Any:
    """Returns a module of the packages that ONNX needs.

    Raises:
        NNScratchError: It is not installed.
    """
    try:
        return import_module(name)
    except ImportError:
        raise NNScratchError(
            f"ONNX needs the package {name.partition('.')[0]}, which is not installed; "
            'install it with: pip install "nnscratch[onnx]"'
        ) from None


@dataclass
class Graph:
    """What has been written of a graph so far.

    Attributes:
        subject: The model.
        x: The name of the tensor that holds the current numbers, (rows, columns).
        dtype: The precision of the current numbers.
        values: The name of what the answer is made from, once that is known.
        nodes: The nodes.
        constants: The constants.
        inputs: The inputs.
        outputs: The outputs.
        taken: The names of inputs and outputs.
    """

    subject: Subject
    x: str = ""
    dtype: str = "float64"
    values: str = ""
    nodes: list[Any] = field(default_factory=list)
    constants: list[Any] = field(default_factory=list)
    inputs: list[Any] = field(default_factory=list)
    outputs: list[Any] = field(default_factory=list)
    taken: set[str] = field(default_factory=set)

    def add(
        self, kind: str, *inputs: str, name: str = "", domain: str = "", **settings: Any
    ) -> str:
        """Adds a node and returns the name of its output."""
        helper = import_onnx("onnx.helper")
        output = f"{_OWN}/{len(self.nodes)}/{name or kind}"
        node = helper.make_node(
            kind, list(inputs), [output], name=output, domain=domain, **settings
        )
        self.nodes.append(node)
        return output

    def constant(self, values: NDArray[Any]) -> str:
        """Adds a constant and returns its name."""
        name = f"{_OWN}/constant/{len(self.constants)}"
        self.constants.append(import_onnx("onnx.numpy_helper").from_array(values, name))
        return name

    def number(self, value: float, dtype: str = "") -> str:
        """Adds a constant of the current precision and returns its name."""
        return self.constant(np.array(value, dtype or self.dtype))

    def apply(self, kind: str, *inputs: str, **settings: Any) -> None:
        """Adds a node that takes the current numbers first and makes the next ones."""
        self.x = self.add(kind, self.x, *inputs, **settings)

    def cast(self, tensor: str, dtype: str) -> str:
        """Returns a tensor as another type."""
        return self.add("Cast", tensor, to=DTYPES[dtype])

    def column(self, index: int) -> str:
        """Returns a column of the current numbers, (rows, 1)."""
        return self.add("Gather", self.x, self.constant(np.array([index])), axis=1)

    def append(self, *columns: str) -> None:
        """Appends columns to the current numbers."""
        self.apply("Concat", *columns, axis=1)

    def apply_each(self, formula: Formula, tensor: str) -> str:
        """Returns a function of each number of a tensor."""
        names = {formula.argument: tensor}
        for letter, value in formula.letters:
            names[letter] = self._compute(value, names)
        return self._compute(formula.value, names)

    def _compute(self, node: Expression, names: dict[str, str]) -> str:  # noqa: PLR0911 - a case for each form
        match node:
            case float():
                return self.number(node)
            case str():
                return names[node]
            case ("-", operand):
                return self.add("Neg", self._compute(operand, names))
            case ("max", operand, 0.0):
                return self.add("Relu", self._compute(operand, names))
            case ("expm1", operand):
                power = self.add("Exp", self._compute(operand, names))
                return self.add("Sub", power, self.number(1.0))
            case ("softplus", operand):
                return self._softplus(self._compute(operand, names))
            case (str() as name, *values):
                return self.add(_OPERATORS[name], *(self._compute(v, names) for v in values))
        raise AssertionError(node)

    def _softplus(self, x: str) -> str:
        """Returns max(x, 0) + log(1 + exp(−|x|)), which does not overflow."""
        rest = self.add("Exp", self.add("Neg", self.add("Abs", x)))
        rest = self.add("Log", self.add("Add", rest, self.number(1.0)))
        return self.add("Add", self.add("Relu", x), rest)

    def refuse(self, bad: str, reason: str) -> None:
        """Makes the runtime fail where a tensor of booleans is anywhere true.

        ONNX has no node that fails; but an index beyond the end of a list is an error, which names
        the node that asked for it.
        """
        count = self.add("ReduceSum", self.cast(bad, "float32"), keepdims=0)
        index = self.cast(self.add("Greater", count, self.number(0.0, "float32")), "int64")
        nothing = self.constant(np.zeros(1, self.dtype))
        zero = self.add("Gather", nothing, index, name=f"refused: {reason}", axis=0)
        self.x = self.add("Add", self.x, zero)

    def not_finite(self, tensor: str) -> str:
        """Returns where a tensor is infinite or nan: where x − x is not 0."""
        difference = self.add("Sub", tensor, tensor)
        return self.add("Not", self.add("Equal", difference, self.number(0.0)))

    def add_input(self, name: str, kind: int, shape: list[Any]) -> str:
        """Adds an input and returns its name, which no other has; ONNX knows no empty one."""
        if not name or name.startswith(f"{_OWN}/"):
            name = f"column_{name}"
        while name in self.taken:
            name += "_"
        self.taken.add(name)
        info = import_onnx("onnx.helper").make_tensor_value_info(name, kind, ["rows", *shape])
        self.inputs.append(info)
        return name

    def add_output(self, tensor: str, name: str, kind: int, shape: list[Any]) -> None:
        """Adds an output that is a tensor under another name."""
        helper = import_onnx("onnx.helper")
        self.nodes.append(helper.make_node("Identity", [tensor], [name], name=name))
        self.outputs.append(helper.make_tensor_value_info(name, kind, ["rows", *shape]))
