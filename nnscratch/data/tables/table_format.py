"""How a table is written: the layout of its file and the notation of its values together."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from nnscratch.data.tables.layout import Layout
from nnscratch.data.tables.notation import Notation


@dataclass(frozen=True)
class TableFormat:
    """How a table is written, as far as it was known when a model was trained on it.

    Attributes:
        layout: Of its file.
        notation: Of its values.
    """

    layout: Layout = field(default_factory=Layout)
    notation: Notation = field(default_factory=Notation)

    def to_json(self) -> dict[str, Any]:
        """Returns plain values for `from_json`."""
        return {"layout": asdict(self.layout), "notation": asdict(self.notation)}

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> "TableFormat":
        """Returns the format that `to_json` described.

        Raises:
            KeyError: A part is missing.
            AttributeError: A part has no values by name.
            TypeError: A value is not what `to_json` returns.
        """
        return cls(_build(Layout, values["layout"]), _build(Notation, values["notation"]))


def _build(kind: Any, values: Mapping[str, Any]) -> Any:
    known = kind()
    for name, value in values.items():
        usual = getattr(known, name, None)
        fits = isinstance(value, list) and all(isinstance(item, str) for item in value)
        if not isinstance(usual, tuple):
            fits = isinstance(value, str if usual is None else type(usual)) or value is usual
        if not fits:
            raise TypeError(f"{name} cannot be {value!r}")
    return kind(**{k: tuple(v) if isinstance(v, list) else v for k, v in values.items()})
