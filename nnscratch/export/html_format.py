"""HTML: one page that runs the model, with nothing loaded from elsewhere.

Its parts are in page/, readable as they are; the page interprets what json_format.py describes.
"""

import html
import json
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from nnscratch.export.formats import Export, refuse
from nnscratch.export.json_format import describe
from nnscratch.export.subject import Subject
from nnscratch.model import operation as op

_PAGE = Path(__file__).parent / "page"
# In the order in which they use each other.
SCRIPTS = ("values", "model", "image", "show", "draw", "form", "curve", "layer", "start")
# Each is a method of the table of operations in page/model.js.
_OPERATION = re.compile(r"^  ([A-Z]\w+)\(", re.MULTILINE)
_PLACE = re.compile("@@(title|style|model|script)@@")
# What could end the element that holds the model, or a line of JavaScript.
_ESCAPES = {
    "<": r"\u003c",
    ">": r"\u003e",
    "&": r"\u0026",
    "\u2028": r"\u2028",
    "\u2029": r"\u2029",
}


def write(subject: Subject) -> Export:
    """Returns a page.

    Raises:
        NNScratchError: The network is too large, or has an operation that the page does not know.
    """
    for operation in _flatten(subject.operations):
        if not is_known(type(operation)):
            raise refuse(operation, "html")
    parts = {
        "title": html.escape(subject.name),
        "style": _read("page.css"),
        "model": escape_json(json.dumps(describe(subject), allow_nan=False)),
        "script": "\n".join(_read(f"{name}.js") for name in SCRIPTS),
    }
    # In one pass, so that nothing in one part is taken for the place of another.
    page = _PLACE.sub(lambda match: parts[match[1]], _read("page.html"))
    return Export({".html": page.encode(errors="xmlcharrefreplace")})


def is_known(kind: type[op.Operation]) -> bool:
    """Returns whether the page can compute an operation."""
    return kind.__name__ in _OPERATION.findall(_read("model.js"))


def escape_json(text: str) -> str:
    """Returns JSON that means the same and can stand anywhere in HTML."""
    return re.sub("[<>&\u2028\u2029]", lambda match: _ESCAPES[match[0]], text)


def _flatten(operations: Iterable[op.Operation]) -> Iterator[op.Operation]:
    for operation in operations:
        yield operation
        for member in getattr(operation, "members", ()):
            yield from _flatten(member)


@cache
def _read(name: str) -> str:
    return (_PAGE / name).read_text("utf-8")
