"""The templates of `init` are the shipped configs, under their names and those people look for."""

from pathlib import Path

import pytest

from nnscratch.errors import UsageError
from nnscratch.scaffold.templates import from_template, templates, title
from tests.conftest import ROOT

SHIPPED = {path.stem: path for path in (ROOT / "configs").glob("*.yaml")}


def test_every_shipped_config_is_a_template() -> None:
    known = templates()
    assert {name: path.name for name, path in known.items() if name in SHIPPED} == {
        name: path.name for name, path in SHIPPED.items()
    }
    assert known["regression"].name == "diabetes.yaml"
    assert list(known) == sorted(known)


@pytest.mark.parametrize("name", sorted({*SHIPPED, "regression"} - {"csv"}))
def test_a_template_is_the_config_without_the_line_for_editors(name: str) -> None:
    text = from_template(name)
    assert "yaml-language-server" not in text
    assert text in templates()[name].read_text("utf-8")
    assert text.startswith("#")


@pytest.mark.parametrize("path", SHIPPED.values(), ids=SHIPPED)
def test_a_title_is_the_first_comment_on_a_short_line(path: Path) -> None:
    assert 10 < len(title(path)) <= 60
    assert title(path) == path.read_text("utf-8").splitlines()[1].removeprefix("# ")


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("mine.csv", "'mine.csv' is a table: nnscratch init csv mine.csv"),
        ("xro", "'xro' is not a template; did you mean xor?"),
        ("configs/Iris.yaml", "did you mean iris?"),
        ("price-of-houses", "'price-of-houses' is not a template; nnscratch init lists them"),
    ],
)
def test_another_name_is_refused_with_a_hint(name: str, hint: str) -> None:
    with pytest.raises(UsageError) as caught:
        from_template(name)
    assert hint in str(caught.value)
