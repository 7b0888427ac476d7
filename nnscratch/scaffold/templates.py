"""The shipped configs as templates to start from.

They lie in the package once it is installed, and beside it in a clone of the repository.
"""

from difflib import get_close_matches
from pathlib import Path

from nnscratch.errors import UsageError
from nnscratch.formatting import typed

TABLE = "csv"
# Names that people look for, and the shipped config that shows it.
_OTHER_NAMES = {"regression": "diabetes"}
_EDITOR_LINE = "# yaml-language-server: "


def templates() -> dict[str, Path]:
    """Returns the shipped configs by name."""
    package = Path(__file__).parent.parent
    folder = next(f for f in (package / "configs", package.parent / "configs") if f.is_dir())
    found = {path.stem: path for path in folder.glob("*.yaml")}
    found |= {name: found[other] for name, other in _OTHER_NAMES.items()}
    return dict(sorted(found.items()))


def title(template: Path) -> str:
    """Returns the first line of a template's comment, which fits a table."""
    return _read(template).partition("\n")[0].lstrip("# ")


def from_template(name: str) -> str:
    """Returns the text of a template.

    Raises:
        UsageError: There is no template of that name.
    """
    known = templates()
    if name in known:
        return _read(known[name])
    if name.lower().endswith(".csv"):
        raise UsageError(f"{name!r} is a table: nnscratch init csv {typed(name)}")
    near = get_close_matches(Path(name).stem.lower(), known, n=1)
    hint = f"did you mean {near[0]}?" if near else "nnscratch init lists them"
    raise UsageError(f"{name!r} is not a template; {hint}")


def _read(template: Path) -> str:
    """Returns a config without the line that tells editors where its schema is."""
    lines = template.read_text("utf-8").splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith(_EDITOR_LINE))
