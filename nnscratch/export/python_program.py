"""A Python program while it is being written: its constants, its functions and its steps."""

import base64
import zlib
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnscratch.export.formula import Formula, functions_in, infix
from nnscratch.export.subject import Subject

# Longer arrays are written as bytes in base64, which Python reads a hundred times as fast.
_READABLE = 400
_WIDTH = 96
_CHOICE = "{yes} if {test} else {no}"
_FUNCTIONS = {
    **{name: f"math.{name}" for name in ("log", "tanh", "sqrt", "floor")},
    **{name: name for name in ("exp", "expm1", "softplus", "abs", "max", "min")},
}


@dataclass
class Program:
    """What has been written of a file so far.

    Attributes:
        subject: The model.
        dtype: The precision that the network computes in whose steps are being written.
        used: The names of the runtime that are used.
        constants: Assignments of weights, by name.
        functions: The text of functions, by name.
        lines: The body of the function that is being written.
    """

    subject: Subject
    dtype: str = ""
    used: set[str] = field(default_factory=set)
    constants: dict[str, str] = field(default_factory=dict)
    functions: dict[str, str] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)

    def apply(self, function: str, *arguments: str) -> None:
        """Adds a step of the runtime."""
        self.used.add(function)
        self.lines.append(f"x = {function}({', '.join(('x', *arguments))})")

    def apply_each(self, formula: Formula, name: str) -> None:
        """Adds a step that applies a function to each number."""
        self.lines.append(f"x = [{self.function(formula, name)}(number) for number in x]")

    def function(self, formula: Formula, name: str) -> str:
        """Returns the name of a function that computes a formula."""
        body = [f"{letter} = {self._infix(value)}" for letter, value in formula.letters]
        body.append(f"return {self._infix(formula.value)}")
        text = f"({formula.argument}: float) -> float:\n    " + "\n    ".join(body)
        same = [known for known, other in self.functions.items() if other == text]
        if same:
            return same[0]
        unique = f"{name}_{len(self.functions) + 1}"
        self.functions[unique] = text
        return unique

    def take_lines(self) -> str:
        """Returns the body that has been written, and begins another."""
        body = "\n".join(f"    {line}" for line in self.lines)
        self.lines.clear()
        return body

    def constant(self, name: str, values: NDArray[Any]) -> str:
        """Returns the name of a constant, numbers or rows of them, after adding it."""
        number = 1 + sum(known.startswith(f"{name}_".upper()) for known in self.constants)
        unique = f"{name}_{number}".upper()
        kind = "Numbers" if values.ndim == 1 else "list[Numbers]"
        self.constants[unique] = f"{unique}: {kind} = {self._numbers(values)}"
        return unique

    def _infix(self, value: Any) -> str:
        self.used |= {"math", *(_FUNCTIONS[name] for name in functions_in(value))}
        return infix(value, _FUNCTIONS, _CHOICE)

    def _numbers(self, values: NDArray[Any]) -> str:
        if values.size <= _READABLE:
            text = repr(values.astype(np.float64).tolist())
            self.used |= {"math"} if "nan" in text else set()
            return text.replace("nan", "math.nan")
        self.used.add("unpack")
        code = "f" if values.dtype == np.float32 else "d"
        content = np.ascontiguousarray(values, f"<{code}").tobytes()
        letters = base64.b64encode(zlib.compress(content, 9)).decode()
        lines = [letters[i : i + _WIDTH] for i in range(0, len(letters), _WIDTH)]
        text = "\n".join(("", *lines))
        rows = f'unpack("{code}", {values.shape[-1]}, """{text}\n""")'
        return rows if values.ndim == 2 else f"{rows}[0]"
