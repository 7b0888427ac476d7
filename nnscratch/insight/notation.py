"""Formulas in the notation of books: `alpha * (exp(z) - 1)` becomes α (exp(z) − 1)."""

import ast
from collections.abc import Mapping
from typing import NamedTuple

from nnscratch.insight.expressions import definitions, parse

_LETTERS = {"alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "pi": "π"}
_FUNCTIONS = {"sigmoid": "σ"}
_SIGNS: dict[type, str] = {
    ast.Add: " + ",
    ast.Sub: " − ",
    ast.Lt: " < ",
    ast.LtE: " ≤ ",
    ast.Gt: " > ",
    ast.GtE: " ≥ ",
}
_SUPERSCRIPTS = {2: "²", 3: "³"}

# How tightly the parts of a formula hold together.
_CHOICE, _COMPARISON, _SUM, _PRODUCT, _POWER, _ATOM = range(6)


class _Text(NamedTuple):
    text: str
    binding: int

    def within(self, binding: int) -> str:
        """Returns the text, in parentheses where what is around it holds together more tightly."""
        return self.text if self.binding >= binding else f"({self.text})"


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
        case ast.BinOp(left=left, op=ast.Mult(), right=right):
            factors = of(left).within(_PRODUCT), of(right).within(_POWER)
            text = _Text(" ".join(factors), _PRODUCT)
        case ast.BinOp(left=left, op=ast.Div(), right=right):
            sign = "/" if isinstance(right, ast.Name | ast.Constant) else " / "
            text = _Text(f"{of(left).within(_PRODUCT)}{sign}{of(right).within(_POWER)}", _PRODUCT)
        case ast.BinOp(left=left, op=op, right=right):
            terms = of(left).within(_SUM), of(right).within(_PRODUCT)
            text = _Text(_SIGNS[type(op)].join(terms), _SUM)
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            sides = of(left).within(_SUM), of(right).within(_SUM)
            text = _Text(_SIGNS[type(op)].join(sides), _COMPARISON)
        case ast.IfExp(test=test, body=body, orelse=orelse):
            text = _Text(f"{of(body).text} if {of(test).text} else {of(orelse).text}", _CHOICE)
        case ast.Call(func=ast.Name(id=name), args=args):
            text = _write_call(name, [of(arg) for arg in args])
        case _:
            raise ValueError(f"a formula cannot have {ast.unparse(node)!r} in it.")
    return text


def _write_call(name: str, arguments: list[_Text]) -> _Text:
    inner = ", ".join(argument.text for argument in arguments)
    is_short = arguments[0].binding == _ATOM
    if name == "abs":
        return _Text(f"|{inner}|", _ATOM)
    if name == "sqrt":
        return _Text(f"√{inner}" if is_short else f"√({inner})", _ATOM)
    if name == "sum":
        return _Text(f"Σ {inner}", _PRODUCT)
    if name == "log":
        return _Text(f"ln {inner}" if is_short else f"ln({inner})", _POWER)
    return _Text(f"{_FUNCTIONS.get(name, name)}({inner})", _ATOM)
