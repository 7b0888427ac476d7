"""Formulas as trees that every format can write: those of activations, dates and probabilities.

A tree is made of numbers, names and calls such as `("*", 2.0, ("exp", "z"))`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

# A number, a name, or a tuple of a function's name and its arguments, which are likewise.
Expression = float | str | tuple["Expression", ...]

INFIX = ("+", "-", "*", "/", "<", "<=", ">", ">=")
FUNCTIONS = ("exp", "expm1", "log", "softplus", "tanh", "sqrt", "abs", "floor", "max", "min")


@dataclass(frozen=True)
class Formula:
    """A function of one number.

    Attributes:
        argument: The name of the number.
        letters: What names stand for; each may use those before it.
        value: The function's value.
    """

    argument: str
    letters: tuple[tuple[str, Expression], ...]
    value: Expression


@cache
def functions_in(expression: Expression) -> frozenset[str]:
    """Returns the names of the functions that an expression calls."""
    if not isinstance(expression, tuple):
        return frozenset()
    name, *values = expression
    inner = frozenset[str]().union(*map(functions_in, values))
    return inner | ({str(name)} if name in FUNCTIONS else set())


def infix(
    expression: Expression,
    functions: Mapping[str, str],
    choice: str,
    number: Callable[[float], str] = repr,
) -> str:
    """Returns an expression as text with operators between their operands, in parentheses.

    Args:
        expression: The tree.
        functions: What each function is called.
        choice: How a choice is written, with `{test}`, `{yes}` and `{no}`.
        number: How a number is written.
    """

    def write(node: Expression, *, is_whole: bool = False) -> str:
        match node:
            case float():
                return number(node)
            case str():
                return node
            case ("if", test, yes, no):
                text = choice.format(test=write(test, is_whole=True), yes=write(yes), no=write(no))
            case ("-", operand):
                text = f"-{write(operand)}"
            case (str() as name, left, right) if name in INFIX:
                text = f"{write(left)} {name} {write(right)}"
            case (str() as name, *values):
                inner = ", ".join(write(value, is_whole=True) for value in values)
                return f"{functions[name]}({inner})"
            case _:
                raise AssertionError(node)
        return text if is_whole else f"({text})"

    return write(expression, is_whole=True)
