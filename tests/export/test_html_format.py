"""The page: small, whole, and safe; tests/stories/test_exported_page.py opens it in a browser."""

import json
import re
from pathlib import Path

import pytest

import nnscratch.export
from nnscratch.errors import NNScratchError
from nnscratch.export import html_format
from nnscratch.export.html_format import SCRIPTS, escape_json, is_known, write
from nnscratch.export.json_format import describe
from nnscratch.export.subject import Subject
from nnscratch.model.operation import Dense, Operation
from tests.export.models import HOSTILE, MODELS, build

PAGE = Path(nnscratch.export.__file__).parent / "page"
MOST_BYTES = 150_000


def page_of(subject: Subject) -> str:
    return write(subject).files[".html"].decode()


def test_the_page_is_small_besides_its_weights() -> None:
    assert len(page_of(Subject.of(build())).encode()) < MOST_BYTES / 2


def test_nothing_is_loaded_from_elsewhere() -> None:
    page = page_of(Subject.of(MODELS["people"]()))
    assert re.findall(r"https?://[^\"'\s]+", page) == ["http://www.w3.org/2000/svg"]  # a namespace
    assert not re.search(r"<(link|img|iframe|script src|base)\b|@import|url\(", page)
    assert "default-src 'none'" in page


def test_the_model_is_that_of_the_json_file() -> None:
    subject = Subject.of(MODELS["people"]())
    page = page_of(subject)
    (text,) = re.findall(r'<script type="application/json" id="model">(.*?)</script>', page)
    assert json.loads(text) == json.loads(json.dumps(describe(subject)))


def test_no_name_ends_an_element() -> None:
    page = page_of(Subject.of(MODELS["hostile"](), "".join(HOSTILE)))
    plain = page_of(Subject.of(build(), "plain"))
    for tag in ("<script", "</script", "<title", "</title", "<style", "</style", "<!--"):
        assert page.count(tag) == plain.count(tag), tag


def test_a_name_like_a_place_of_the_page_stays_a_name() -> None:
    page = page_of(Subject.of(build(), "@@script@@ @@model@@"))
    assert "<title>@@script@@ @@model@@</title>" in page
    assert page.count("class Model {") == 1


def test_json_is_escaped_and_means_the_same() -> None:
    text = json.dumps(["</script><!-- & \u2028\u2029"], ensure_ascii=False)
    escaped = escape_json(text)
    assert not set("<>&\u2028\u2029") & set(escaped)
    assert json.loads(escaped) == json.loads(text)


def test_the_scripts_are_readable_and_all_there() -> None:
    assert {path.stem for path in PAGE.glob("*.js")} == set(SCRIPTS)
    for path in PAGE.glob("*.js"):
        text = path.read_text("utf-8")
        assert text.startswith('"use strict";\n\n/* ')
        assert "</" not in text
        assert max(map(len, text.splitlines())) < 200
        assert not re.search(r"\binnerHTML|\beval\(|new Function|document\.write", text), path


class Unheard(Operation):
    """What the page does not know."""


def test_an_operation_that_the_page_does_not_know_is_refused() -> None:
    assert is_known(Dense)
    assert not is_known(Unheard)
    subject = Subject.of(build())
    subject.operations.append(Unheard())  # type: ignore[attr-defined]  # it is a list
    with pytest.raises(NNScratchError, match="the operation Unheard cannot be exported to html"):
        write(subject)


def test_a_network_that_is_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nnscratch.export.json_format.MOST_NUMBERS", 50)
    with pytest.raises(NNScratchError, match="the network has 57 numbers, too many for"):
        html_format.write(Subject.of(build()))
