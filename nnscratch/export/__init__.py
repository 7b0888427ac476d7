"""Models for those who have no nnscratch: a Python file, C, ONNX, a page, or JSON.

Every format is made of the one list of operations that `nnscratch.model.operations` returns; the
module NAME_format has one function for each of them.
"""

from enum import StrEnum


class Format(StrEnum):
    """What a model is exported to; the name of the format's module begins with it."""

    PYTHON = "python"
    C = "c"
    ONNX = "onnx"
    HTML = "html"
    JSON = "json"

    @property
    def ending(self) -> str:
        """What the name of its file ends in."""
        return _ENDINGS[self]


_ENDINGS = {
    Format.PYTHON: ".py",
    Format.C: ".h",
    Format.ONNX: ".onnx",
    Format.HTML: ".html",
    Format.JSON: ".json",
}
