"""A C header while it is being written: its constants, its functions and the one being written."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from numpy.typing import NDArray

from nnscratch.export.c_source import c_float, c_numbers, c_text
from nnscratch.export.formula import Formula, functions_in, infix
from nnscratch.export.quantization import quantize
from nnscratch.export.subject import Subject

_CHOICE = "{test} ? {yes} : {no}"
# Those of libm that no shipped activation needs are there for added ones.
_FUNCTIONS = {
    **{name: f"{name}f" for name in ("exp", "tanh", "log", "sqrt")},
    **{name: f"model_{name}" for name in ("expm1", "softplus", "abs", "max", "min")},
}
_DATE_FUNCTIONS = {"floor": "model_floor"}
_POINTER = 4  # bytes, on a microcontroller
_BYTES = {"float": 4, "double": 8, "signed char": 1, "short": 2}


@dataclass
class Function:
    """A function from a row to the network's outputs while it is being written.

    Attributes:
        x: The array that holds the current numbers.
        width: How many they are.
        lines: What has been written.
        buffers: How many numbers each array needs, by its name.
    """

    x: str = "row"
    width: int = 0
    lines: list[str] = field(default_factory=list)
    buffers: dict[str, int] = field(default_factory=dict)

    def buffer(self, name: str, width: int) -> str:
        """Returns an array after making it large enough."""
        self.buffers[name] = max(width, self.buffers.get(name, 0))
        return name

    def each(self, statement: str) -> None:
        """Adds a loop over the current numbers; `{x}` is their array."""
        text = statement.replace("{x}", self.x)
        self.lines.append(f"for (i = 0; i < {self.width}; i++) {text}")

    def make_table(self) -> str:
        """Returns the array of a row's own numbers, into which they are copied first."""
        table = self.buffer("table", self.width)
        if self.x == "row":
            self.each("table[i] = row[i];")
            self.x = table
        return table


@dataclass
class Program:
    """What has been written of a header so far.

    Attributes:
        subject: The model.
        is_int8: Whether weights are whole numbers.
        dtype: The precision of the network that is being written.
        used: The functions of the runtime that are used.
        constants: Arrays, as text.
        functions: The text of functions, by name.
        body: The function that is being written.
        flash: How many bytes the constants take.
        ram: How many bytes the arrays of all functions take at a time.
    """

    subject: Subject
    is_int8: bool = False
    dtype: str = ""
    used: set[str] = field(default_factory=set)
    constants: dict[str, str] = field(default_factory=dict)
    functions: dict[str, str] = field(default_factory=dict)
    body: Function = field(default_factory=Function)
    flash: int = 0
    ram: int = 0

    @property
    def number(self) -> str:
        """The type of a row's numbers; pixels need no more than float."""
        return "double" if self.subject.model.image is None else "float"

    def call(self, name: str, *arguments: object) -> str:
        """Returns a call of a function of the runtime."""
        self.used.add(f"model_{name}")
        return f"model_{name}({', '.join(map(str, arguments))})"

    def constant(self, name: str, values: NDArray[Any], kind: str) -> str:
        """Returns the name of an array of numbers, after adding it."""
        number = 1 + sum(known.startswith(f"model_{name}_") for known in self.constants)
        unique = f"model_{name}_{number}"
        self.constants[unique] = (
            f"static const {kind} {unique}[{values.size}] = {c_numbers(values, kind)};"
        )
        self.flash += values.size * _BYTES[kind]
        return unique

    def dense(self, kernel: NDArray[Any], bias: NDArray[Any] | None) -> None:
        """Adds a layer."""
        body = self.body
        inputs, units = kernel.shape
        target = body.buffer("even" if body.x == "odd" else "odd", units)
        offsets = "0" if bias is None else self.constant("bias", bias, "float")
        if self.is_int8:
            steps, scale = quantize(kernel)
            arrays = (
                self.constant("kernel", steps, "signed char"),
                self.constant("scale", scale, "float"),
            )
            call = self.call("dense_int8", body.x, target, *arrays, offsets, inputs, units)
        else:
            weights = self.constant("kernel", kernel.T, "float")
            call = self.call("dense", body.x, target, weights, offsets, inputs, units)
        body.lines.append(f"{call};")
        body.x, body.width = target, units

    def apply_each(self, formula: Formula, name: str) -> None:
        """Adds a step that applies a function to each number."""
        if formula.value != formula.argument:
            self.body.each(f"{{x}}[i] = {self.function(formula, name)}({{x}}[i]);")

    def function(self, formula: Formula, name: str, kind: str = "float") -> str:
        """Returns the name of a function that computes a formula in float or double."""
        names = _FUNCTIONS if kind == "float" else _DATE_FUNCTIONS
        write = c_float if kind == "float" else repr
        letters = {f"v_{letter}": value for letter, value in formula.letters}

        def text_of(value: Any) -> str:
            self.used |= {names[each] for each in functions_in(value)}
            return infix(_rename(value), names, _CHOICE, write)

        lines = [f"    const {kind} {n} = {text_of(value)};" for n, value in letters.items()]
        lines.append(f"    return {text_of(formula.value)};")
        body = "\n".join(lines)
        text = f"({kind} v_{formula.argument}) {{\n{body}\n}}"
        for known, other in self.functions.items():
            if other == f"static inline {kind} {known}{text}":
                return known
        unique = f"model_{name}_{len(self.functions) + 1}"
        self.functions[unique] = f"static inline {kind} {unique}{text}"
        return unique

    def add_function(self, head: str, body: str, about: str) -> None:
        """Adds a function.

        Args:
            head: Its type, its name and its arguments.
            body: Its lines.
            about: What it returns.
        """
        name = head.partition("(")[0].rpartition(" ")[2].lstrip("*")
        lines = body.replace("\n", "\n    ")
        self.functions[name] = f"/* {about} */\nstatic inline {head} {{\n    {lines}\n}}"

    def add_names(self, name: str, texts: Sequence[str], about: str) -> None:
        """Adds a function that returns one of some texts by its index."""
        self.flash += sum(_POINTER + len(text.encode("utf-8", "replace")) + 1 for text in texts)
        lines = "\n".join(f"    {c_text(text)}," for text in texts)
        body = f"static const char *const names[{len(texts)}] = {{\n{lines}\n}};\n"
        self.add_function(
            f"const char *model_{name}(int index)", f"{body}return names[index];", about
        )

    def end_function(self, name: str) -> None:
        """Ends the function that is being written, whose numbers become the array `values`."""
        body = self.body
        body.each("values[i] = {x}[i];")
        body.lines += [
            f"for (i = 0; i < {body.width}; i++) {{",
            "    if (!(values[i] - values[i] == 0.0f)) return MODEL_OVERFLOW;",
            "}",
        ]
        kinds = {
            name: self.number if name.startswith("table") else "float" for name in body.buffers
        }
        arrays = [f"{kinds[name]} {name}[{width}];" for name, width in body.buffers.items()]
        size = sum(_BYTES[kinds[each]] * width for each, width in body.buffers.items())
        if name == "model_compute":
            self.ram += size  # while a member computes, if there are any
        else:
            self.ram = max(self.ram, size)
        lines = "\n".join(
            f"    {line}" for line in (*arrays, "int i;", *body.lines, "return MODEL_OK;")
        )
        head = f"static inline int {name}(const model_number *row, float *values)"
        self.functions[name] = f"{head} {{\n{lines}\n}}"
        self.body = Function()


def _rename(value: Any) -> Any:
    """Returns an expression with names that are no words of C."""
    if isinstance(value, str):
        return f"v_{value}"
    if isinstance(value, tuple):
        return value[0], *map(_rename, value[1:])
    return value
