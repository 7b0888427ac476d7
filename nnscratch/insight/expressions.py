"""Formulas as the classes of `nn` write them: read once, then computed with scalars or printed.

A formula is an expression of Python such as `z if z > 0 else alpha * (exp(z) - 1)`. Computing it
needs nothing of `nn`: its functions are those of the autograd engine, so that a formula is a second
opinion on the arrays, and the one that is printed is the one that is checked.
"""

import ast
import math
import operator
from collections.abc import Callable, Mapping
from copy import deepcopy
from functools import cache, reduce
from typing import Any

import numpy as np

from nnscratch.autograd import Value

# A number, a Value, or an array of Values.
Quantity = Any

_OPERATORS: dict[type, Callable[[Quantity, Quantity], Quantity]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
}
_COMPARISONS: dict[type, Callable[[float, float], bool]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}


def _number(x: Quantity) -> float:
    return x.data if isinstance(x, Value) else x


def _relu(x: Quantity) -> Quantity:
    return x.relu() if isinstance(x, Value) else max(x, 0)


def _maximum(x: Quantity, y: Quantity) -> Quantity:
    # One of the two is usually 0, and then the result is a single node of the graph.
    return _relu(x) if _is_zero(y) else _relu(y) if _is_zero(x) else y + _relu(x - y)


def _is_zero(x: Quantity) -> bool:
    return not isinstance(x, Value) and x == 0


def _exp(x: Quantity) -> Quantity:
    # Where it would overflow it stays, as in `nn`.
    if _number(x) > 708.0:
        return math.exp(708.0)
    return x.exp() if isinstance(x, Value) else math.exp(x)


def _sigmoid(x: Quantity) -> Quantity:
    return x.sigmoid() if isinstance(x, Value) else Value(x).sigmoid().data


def _softplus(x: Quantity) -> Quantity:
    """log(1 + exp(x)), where the exponential of a large x would overflow."""
    if _number(x) > 0.0:
        return x + _FUNCTIONS["log"](1.0 + _exp(-x))
    return _FUNCTIONS["log"](1.0 + _exp(x))


def _log_cosh(x: Quantity) -> Quantity:
    size = _relu(x) + _relu(-x)
    return size + _FUNCTIONS["log"](_exp(-2.0 * size) + 1.0) - math.log(2.0)


def _log_softmax(z: Quantity) -> Quantity:
    """log(exp(z) / Σ exp(z)) of a row, with the largest z taken off first."""
    largest = Value(max(map(_number, z)), label="largest z")
    return z - (_sum([(value - largest).exp() for value in z]).log() + largest)


def _softmax(z: Quantity) -> Quantity:
    return np.array([value.exp() for value in _log_softmax(z)])


def _sum(values: Quantity) -> Quantity:
    return reduce(operator.add, values)


_FUNCTIONS: dict[str, Callable[..., Quantity]] = {
    "abs": lambda x: _relu(x) + _relu(-x),
    "cosh": lambda x: (_exp(x) + _exp(-x)) / 2.0,
    "exp": _exp,
    "log": lambda x: x.log() if isinstance(x, Value) else math.log(x),
    "max": _maximum,
    "min": lambda x, y: -_maximum(-x, -y),
    "sigmoid": _sigmoid,
    "sign": lambda x: float(np.sign(_number(x))),
    "softmax": _softmax,
    "sqrt": lambda x: x**0.5,
    "sum": _sum,
    "tanh": lambda x: x.tanh() if isinstance(x, Value) else math.tanh(x),
}
_CONSTANTS = {"pi": math.pi}
# What would overflow or be rounded to nothing although its value is an ordinary number, and how it
# is computed instead.
_STABLE: dict[str, Callable[[Quantity], Quantity]] = {
    "1 / (1 + exp(-x))": _sigmoid,
    "log(1 + exp(x))": _softplus,
    "log(cosh(x))": _log_cosh,
    "log(sigmoid(x))": lambda x: -_softplus(-x),
    "log(1 - sigmoid(x))": lambda x: -_softplus(x),
    "log(softmax(x))": _log_softmax,
}
_CALLS = _FUNCTIONS | _STABLE


@cache
def parse(text: str) -> ast.expr:
    """Returns the syntax tree of an expression."""
    return ast.parse(text, mode="eval").body


@cache
def definitions(text: str) -> dict[str, ast.expr]:
    """Returns what letters stand for, from assignments such as `d = z - y; c = 2`."""
    found = {}
    for statement in ast.parse(text).body:
        assert isinstance(statement, ast.Assign)
        assert isinstance(statement.targets[0], ast.Name)
        found[statement.targets[0].id] = statement.value
    return found


def compute(formula: str, where: str = "", **names: Quantity) -> Quantity:
    """Returns the value of a formula.

    Args:
        formula: An expression of numbers, names, + − * / **, comparisons, `if` … `else`, and calls
            of exp, log, sqrt, tanh, cosh, sigmoid, abs, sign, max, min, and of sum and softmax for
            rows.
        where: Assignments of what other letters stand for, separated by semicolons.
        names: What the names stand for: numbers, Values, or arrays of Values.

    Raises:
        ValueError: It has something else in it.
    """
    values = {**_CONSTANTS, **names}
    letters = {letter: _stable(text, where) for letter, text in definitions(where).items()}

    def of(node: ast.expr) -> Quantity:
        value: Quantity
        match node:
            case ast.Constant(value=int() | float() as number):
                value = number
            case ast.Name(id=name) if name in values:
                value = values[name]
            case ast.Name(id=name) if name in letters:
                value = values.setdefault(name, of(letters[name]))
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                value = -of(operand)
            case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATORS:
                value = _OPERATORS[type(op)](of(left), of(right))
            case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in _COMPARISONS:
                value = _COMPARISONS[type(op)](_number(of(left)), _number(of(right)))
            case ast.IfExp(test=test, body=body, orelse=orelse):
                value = of(body if of(test) else orelse)
            case ast.Call(func=ast.Name(id=name), args=args, keywords=[]) if name in _CALLS:
                value = _CALLS[name](*map(of, args))
            case _:
                raise ValueError(f"a formula cannot have {ast.unparse(node)!r} in it.")
        return value

    return of(_stable(parse(formula), where))


@cache
def _stable(node: ast.expr, where: str) -> ast.expr:
    """Returns a formula in which each part that rounding would spoil is a call of its own."""
    letters = definitions(where)

    class Rewriting(ast.NodeTransformer):
        def visit(self, node: ast.AST) -> ast.AST:
            for pattern in _STABLE:
                argument = _match(parse(pattern), node, letters)
                if isinstance(argument, ast.expr):
                    return ast.Call(ast.Name(pattern), [_stable(argument, where)], [])
            return self.generic_visit(node)

    rewritten = Rewriting().visit(deepcopy(node))
    assert isinstance(rewritten, ast.expr)
    return rewritten


def _match(pattern: ast.AST, node: ast.AST, letters: Mapping[str, ast.expr]) -> ast.AST | None:
    """Returns the part of a node that its pattern calls x, or None if they do not match."""
    if isinstance(pattern, ast.Name) and pattern.id == "x":
        return node
    while isinstance(node, ast.Name) and node.id in letters:
        node = letters[node.id]
    if type(node) is not type(pattern):
        return None
    # The last part of a pattern leads to its x; the others have to be equal.
    *expected, inner = ast.iter_child_nodes(pattern)
    *parts, other = ast.iter_child_nodes(node)
    alike = [ast.dump(part) for part in parts] == [ast.dump(part) for part in expected]
    return _match(inner, other, letters) if alike else None
