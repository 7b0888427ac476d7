"""The shipped configs as templates to start from."""

from difflib import get_close_matches
from pathlib import Path
from textwrap import shorten

from nnscratch.errors import UsageError

# What people look for, and the shipped config that shows it.
_OTHER_NAMES = {"regression": "diabetes"}
TABLE = "csv"
_EDITOR = "# yaml-language-server: "
_TITLE = 60


def templates() -> dict[str, Path]:
    """Returns the shipped configs by name."""
    package = Path(__file__).parent.parent
    # In a clone they stand beside the package.
    folder = next(f for f in (package / "configs", package.parent / "configs") if f.is_dir())
    found = {path.stem: path for path in folder.glob("*.yaml")}
    found |= {name: found[other] for name, other in _OTHER_NAMES.items()}
    return dict(sorted(found.items()))


def title(template: Path) -> str:
    """Returns what a template's first comment says that it is, on a short line."""
    first = _without_editor_line(template.read_text("utf-8")).partition("\n")[0]
    return shorten(first.lstrip("# "), _TITLE, placeholder=" …")


def from_template(name: str) -> str:
    """Returns the text of a template.

    Raises:
        UsageError: There is none of that name, or it needs a table.
    """
    known = templates()
    if name == TABLE:
        raise UsageError("csv needs your table: nnscratch init csv data.csv --target price")
    if name in known:
        return _without_editor_line(known[name].read_text("utf-8"))
    if name.lower().endswith(".csv"):
        raise UsageError(f"{name!r} is a table: nnscratch init csv {name}")
    near = get_close_matches(Path(name).stem.lower(), known, n=1)
    hint = f"did you mean {near[0]}?" if near else "nnscratch init lists them"
    raise UsageError(f"{name!r} is no template; {hint}")


def _without_editor_line(text: str) -> str:
    """Returns a config without the line that leads editors to a schema beside it."""
    return "".join(line for line in text.splitlines(True) if not line.startswith(_EDITOR))
