"""Reading the formulas of components, and those of dates and probabilities, as trees.

Settings are filled in, what is known is computed, and whatever would overflow or be rounded to
nothing is replaced by a function of its own.
"""

import ast
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from nnscratch.data.dates import part_names
from nnscratch.export.formula import FUNCTIONS, Expression, Formula
from nnscratch.nn.activations import Activation
from nnscratch.nn.activations.base import EXP_LIMIT
from nnscratch.nn.registry import arguments_of

_OPERATORS: dict[type, str] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}
_COMPARISONS: dict[type, str] = {ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">="}
_SIGMOID = "1 / (1 + exp(-z))"
_LARGEST_POWER = 8


def formula_of(activation: Activation, dtype: str) -> Formula:
    """Returns the formula of an activation as a network of this dtype computes it.

    Raises:
        ValueError: It has something in it that is not known here.
    """
    settings = {name: float(value) for name, value in arguments_of(activation).items()}
    limit = float(EXP_LIMIT[4 if dtype == "float32" else 8])
    return read_formula(activation.formula, activation.where, settings, limit=limit)


def sigmoid_formula(dtype: str) -> Formula:
    """Returns the formula of a probability."""
    return read_formula(_SIGMOID, limit=float(EXP_LIMIT[4 if dtype == "float32" else 8]))


def date_formulas(parts: Sequence[str]) -> dict[str, Formula]:
    """Returns the parts of a date as functions of the days since 1970-01-01.

    The days of the civil calendar in 400 years are 146,097; a year begins in March here, so that
    its last day is the one that a leap year adds.
    """
    march = (
        "n = floor(d); s = n + 719468; era = floor(s / 146097); day = s - era * 146097; "
        "year = floor((day - floor(day / 1460) + floor(day / 36524) - floor(day / 146096)) / 365); "
        "rest = day - (365 * year + floor(year / 4) - floor(year / 100)); "
        "m = floor((5 * rest + 2) / 153)"
    )
    known = {
        "year": ("year + 400 * era + (1 if m >= 10 else 0)", march),
        "month": ("m + 3 if m < 10 else m - 9", march),
        "weekday": ("w - 7 * floor(w / 7)", "w = floor(d) + 3"),
        "hour": ("(d - floor(d)) * 24", ""),
    }
    assert set(part_names("%d%H")) == set(known)
    return {part: read_formula(*known[part], argument="d") for part in parts}


def read_formula(
    text: str,
    where: str = "",
    settings: Mapping[str, float] | None = None,
    *,
    argument: str = "z",
    limit: float = math.inf,
) -> Formula:
    """Returns a formula as a tree.

    Args:
        text: An expression.
        where: Assignments of what other letters stand for, separated by semicolons.
        settings: What other names stand for.
        argument: What the formula is a function of.
        limit: The largest number whose exponential is taken; that of a larger one is the same.

    Raises:
        ValueError: It has something in it that is not known here.
    """
    numbers: dict[str, float] = {"pi": math.pi, **(settings or {})}
    names = {argument}
    letters: list[tuple[str, Expression]] = []
    for statement in ast.parse(where).body:
        assert isinstance(statement, ast.Assign)
        assert isinstance(statement.targets[0], ast.Name)
        letter = statement.targets[0].id
        value = _Reader(numbers, names, limit).read(statement.value)
        if isinstance(value, float):
            numbers[letter] = value
        else:
            letters.append((letter, value))
            names.add(letter)
    return Formula(
        argument,
        tuple(letters),
        _Reader(numbers, names, limit).read(ast.parse(text, mode="eval").body),
    )


@dataclass(frozen=True)
class _Reader:
    """Turns the syntax of Python into a tree, and computes what is known already."""

    numbers: Mapping[str, float]
    names: set[str]
    limit: float

    def read(self, node: ast.expr) -> Expression:  # noqa: PLR0911 - one for each kind of syntax
        match node:
            case ast.Constant(value=int() | float() as number):
                return float(number)
            case ast.Name(id=name) if name in self.numbers:
                return self.numbers[name]
            case ast.Name(id=name) if name in self.names:
                return name
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return _fold("-", self.read(operand))
            case ast.BinOp(left=left, op=ast.Pow(), right=right):
                return self._power(self.read(left), self.read(right), node)
            case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATORS:
                return self._stable(_OPERATORS[type(op)], self.read(left), self.read(right))
            case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in _COMPARISONS:
                return _COMPARISONS[type(op)], self.read(left), self.read(right)
            case ast.IfExp(test=test, body=body, orelse=orelse):
                return "if", self.read(test), self.read(body), self.read(orelse)
            case ast.Call(func=ast.Name(id="sigmoid"), args=[argument], keywords=[]):
                below = self._call("exp", [_fold("-", self.read(argument))])
                return "/", 1.0, ("+", 1.0, below)
            case ast.Call(func=ast.Name(id=name), args=args, keywords=[]) if name in FUNCTIONS:
                return self._call(name, [self.read(argument) for argument in args])
        raise ValueError(f"a formula cannot have {ast.unparse(node)!r} in it.")

    def _call(self, name: str, values: Sequence[Expression]) -> Expression:
        if name == "exp" and self.limit < math.inf:
            values = [("min", values[0], self.limit)]
        match name, values:
            # log(1 + exp(x)), where the exponential of a large x would overflow.
            case "log", [("+", 1.0, ("exp", ("min", argument, self.limit)))]:
                return "softplus", argument
        return _fold(name, *values)

    def _stable(self, operator: str, left: Expression, right: Expression) -> Expression:
        match operator, left, right:
            # exp(x) − 1, of which rounding would leave little near 0.
            case "-", ("exp", ("min", argument, self.limit)), 1.0:
                return "expm1", argument
        return _fold(operator, left, right)

    def _power(self, base: Expression, exponent: Expression, node: ast.expr) -> Expression:
        if exponent == 0.5:
            return _fold("sqrt", base)
        if not (isinstance(exponent, float) and exponent in range(1, _LARGEST_POWER + 1)):
            raise ValueError(f"a formula cannot have {ast.unparse(node)!r} in it.")
        product = base
        for _ in range(int(exponent) - 1):
            product = _fold("*", product, base)
        return product


_KNOWN: dict[str, Callable[..., float]] = {
    "+": lambda a, b: a + b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
    "-": lambda a, *b: a - b[0] if b else -a,
    "max": max,
    "min": min,
    "abs": abs,
    "exp": math.exp,
    "expm1": math.expm1,
    "log": math.log,
    "tanh": math.tanh,
    "sqrt": math.sqrt,
    "floor": math.floor,
    "softplus": lambda x: math.log1p(math.exp(x)),
}


def _fold(name: str, *values: Expression) -> Expression:
    """Returns a call, or its value where all arguments are numbers."""
    if all(isinstance(value, float) for value in values):
        return float(_KNOWN[name](*values))
    return name, *values
