"""Formulas in the notation of books: `alpha * (exp(z) - 1)` becomes α (exp(z) − 1).

a is what a layer gives, z its weighted sum, p what a loss makes of z, y the target.
"""

import ast
from collections.abc import Mapping
from typing import Any, NamedTuple

from nnscratch.insight.expressions import definitions, parse
from nnscratch.nn.activations import Activation
from nnscratch.nn.losses import Loss
from nnscratch.nn.registry import settings_of

_LETTERS = {"alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "pi": "π"}
_SUPERSCRIPTS = {2: "²", 3: "³"}
# How tightly the parts of a formula hold together.
_CHOICE, _COMPARISON, _SUM, _PRODUCT, _POWER, _ATOM = range(6)
_SIGNS = {
    ast.Add: (" + ", _SUM),
    ast.Sub: (" − ", _SUM),
    ast.Mult: (" ", _PRODUCT),
    ast.Div: (" / ", _PRODUCT),
    ast.Lt: (" < ", _COMPARISON),
    ast.LtE: (" ≤ ", _COMPARISON),
    ast.Gt: (" > ", _COMPARISON),
    ast.GtE: (" ≥ ", _COMPARISON),
}


class WrittenFormula(NamedTuple):
    """A formula with its symbols in place."""

    name: str
    value: str
    slope: str
    given: tuple[str, ...]
    """A line with what its other letters stand for, if it has any."""


class _Text(NamedTuple):
    text: str
    binding: int

    def within(self, binding: int) -> str:
        """Returns the text, in parentheses where what is around it holds together more tightly."""
        return self.text if self.binding >= binding else f"({self.text})"


def write_activation(function: Activation, z: str) -> WrittenFormula:
    """Returns an activation's formula, with what z is called."""
    return _write_component(function, {"z": z})


def write_loss(loss: Loss, z: str, y: str) -> WrittenFormula:
    """Returns a loss's formula, with what its argument and the target are called."""
    return _write_component(loss, {"z": z, "y": y})


def _write_component(component: Activation | Loss, names: dict[str, str]) -> WrittenFormula:
    symbols = names | {name: about.symbol for name, about in settings_of(component).items()}
    value, slope = write(component.formula, symbols), write(component.derivative, symbols)
    given = write_definitions(component.where, symbols) + give_constants(component, value)
    if "σ" in " ".join((value, slope, *given)):
        given.append(f"σ({names['z']}) = 1 / (1 + exp(−{names['z']}))")
    line = (f"with {', '.join(given)}",) if given else ()
    return WrittenFormula(component.name, value, slope, line)


def give_constants(component: Any, formula: str) -> list[str]:
    """Returns `ε = 1e-08` for each setting of a component whose symbol a formula has."""
    return [
        f"{about.symbol} = {getattr(component, name):.5g}"
        for name, about in settings_of(component).items()
        if about.symbol and about.symbol in formula
    ]


def write(formula: str, symbols: Mapping[str, str]) -> str:
    """Returns a formula as a book would print it.

    Args:
        formula: As for `expressions.compute`.
        symbols: What names are called, where that is not what they are.
    """
    return _write(parse(formula), {**_LETTERS, **symbols}).text


def write_definitions(where: str, symbols: Mapping[str, str]) -> list[str]:
    """Returns `d = z − y` for each letter that is defined; see `write`."""
    symbols = {**_LETTERS, **symbols}
    return [
        f"{symbols.get(letter, letter)} = {_write(node, symbols).text}"
        for letter, node in definitions(where).items()
    ]


def _write(node: ast.expr, symbols: Mapping[str, str]) -> _Text:
    def of(part: ast.expr) -> _Text:
        return _write(part, symbols)

    match node:
        case ast.Constant(value=number):
            text = _Text(str(number), _ATOM)
        case ast.Name(id=name):
            text = _Text(symbols.get(name, name), _ATOM)
        case ast.UnaryOp(operand=operand):
            text = _Text(f"−{of(operand).within(_PRODUCT)}", _PRODUCT)
        case ast.BinOp(left=base, op=ast.Pow(), right=ast.Constant(value=int() as power)):
            text = _Text(f"{of(base).within(_ATOM)}{_SUPERSCRIPTS[power]}", _POWER)
        case (
            ast.BinOp(left=left, op=op, right=right)
            | ast.Compare(left=left, ops=[op], comparators=[right])
        ) if type(op) in _SIGNS:
            sign, binding = _SIGNS[type(op)]
            if isinstance(op, ast.Div) and isinstance(right, ast.Name | ast.Constant):
                sign = "/"
            text = _Text(
                f"{of(left).within(binding)}{sign}{of(right).within(binding + 1)}", binding
            )
        case ast.IfExp(test=test, body=body, orelse=orelse):
            text = _Text(f"{of(body).text} if {of(test).text} else {of(orelse).text}", _CHOICE)
        case ast.Call(func=ast.Name(id=name), args=args):
            text = _write_call(name, [of(arg) for arg in args])
        case _:
            raise ValueError(f"a formula cannot have {ast.unparse(node)!r} in it.")
    return text


def _write_call(name: str, arguments: list[_Text]) -> _Text:
    inner = ", ".join(argument.text for argument in arguments)
    tight = inner if arguments[0].binding == _ATOM else f"({inner})"
    match name:
        case "abs":
            return _Text(f"|{inner}|", _ATOM)
        case "sqrt":
            return _Text(f"√{tight}", _ATOM)
        case "sum":
            return _Text(f"Σ {inner}", _PRODUCT)
        case "log":
            return _Text(f"ln {inner}" if tight == inner else f"ln{tight}", _POWER)
        case "sigmoid":
            return _Text(f"σ({inner})", _ATOM)
    return _Text(f"{name}({inner})", _ATOM)
