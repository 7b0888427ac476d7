"""Texts in the encodings that people have, and texts of which the encoding cannot be known."""

from pathlib import Path

import pytest

from nnscratch.data.tables.encodings import TextFile, find_encoding
from nnscratch.data.tables.opening import OpenedFile
from nnscratch.errors import DataError, SettingError

TEXT = "größe,prix €,naïve\n1,2,“ja”\n"
WESTERN = [
    "größe,farbe\n1,weiß\n2,grün\n",
    "année,prix\n1,déjà créé\n",
    "precio,nombre\n5 €,Muñoz\n3 £,¿Qué?\n",
    "temp °C,area m²\n1,don’t\n2,“quoted” – dash\n",
    "navn\nÆrø\nSkåne\n",
    "titre\n« le café\N{NO-BREAK SPACE}»\nune année créée…\n",
]
FOREIGN = [
    ("имя,цвет\n1,красный\n", "cp1251"),
    ("имя,y\n1,кот и пёс\n", "cp1251"),
    ("όνομα,χρώμα\n1,κόκκινο\n", "cp1253"),
    ("名前,色\n1,赤い\n", "cp932"),
    ("名字,颜色\n1,红色的\n", "gbk"),
    ("größe,farbe\n1,weiß\n", "cp437"),
    ("année,prix\n1,déjà créé\n", "mac_roman"),
    ("źdźbło,żółw\n1,gęś\n", "cp1250"),
]


def text_file(path: Path, content: bytes, encoding: str | None = None) -> TextFile:
    path.write_bytes(content)
    return TextFile(OpenedFile(path), encoding)


def content_of(text: TextFile) -> str:
    with text.open(whole=True) as file:
        return file.read()


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]
)
@pytest.mark.parametrize("mark", [False, True])
def test_unicode_is_recognized(encoding: str, mark: bool, tmp_path: Path) -> None:
    plain = "\ufeff" if mark and encoding.endswith(("le", "be")) else ""
    text = text_file(tmp_path / "a.csv", (plain + TEXT).encode(encoding))
    assert content_of(text) == TEXT
    assert not text.notes


@pytest.mark.parametrize("content", WESTERN)
def test_windows_1252_is_read_with_a_note(content: str, tmp_path: Path) -> None:
    text = text_file(tmp_path / "a.csv", content.encode("cp1252"))
    with pytest.raises(UnicodeDecodeError):
        content_of(text)
    text.use_legacy_encoding()
    assert content_of(text) == content
    (note,) = text.notes
    assert "windows-1252" in note
    assert "`dataset.encoding`" in note


@pytest.mark.parametrize(("content", "encoding"), FOREIGN)
def test_other_encodings_must_be_given(content: str, encoding: str, tmp_path: Path) -> None:
    text = text_file(tmp_path / "a.csv", content.encode(encoding))
    with pytest.raises(DataError, match=r"not a text file in UTF-8: line 1 .*`dataset.encoding`"):
        text.use_legacy_encoding()
    assert content_of(text_file(tmp_path / "b.csv", content.encode(encoding), encoding)) == content


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("é\n".encode() + b"caf\xe9\n", "line 2 is not, but others are"),
        (b"a\n" * 3_000_000 + b"\x90\n", "line 3000001 is not"),
        (b"caf\xe9\n\x01\x02\n", "line 1 is not"),
    ],
)
def test_what_is_no_encoding_is_refused_with_its_line(
    content: bytes, complaint: str, tmp_path: Path
) -> None:
    with pytest.raises(DataError, match=complaint):
        text_file(tmp_path / "a.csv", content).use_legacy_encoding()


def test_a_given_encoding_is_not_replaced(tmp_path: Path) -> None:
    for encoding in ("ascii", "utf-8", "utf-16"):
        text = text_file(tmp_path / "a.csv", b"caf\xe9\n", encoding)
        with pytest.raises(DataError, match=rf"is not text in {encoding}; `dataset.encoding`"):
            text.use_legacy_encoding()


def test_a_mark_is_never_part_of_the_text(tmp_path: Path) -> None:
    assert content_of(text_file(tmp_path / "a.csv", "\ufeffa\n".encode(), "UTF8")) == "a\n"


@pytest.mark.parametrize("encoding", ["klingon", "hex", "rot13", "idna", "", "a\0b"])
def test_an_encoding_that_does_not_exist_is_refused(encoding: str, tmp_path: Path) -> None:
    with pytest.raises(SettingError, match="`encoding` cannot be"):
        text_file(tmp_path / "a.csv", b"a\n", encoding)


@pytest.mark.parametrize("content", [b"", b"a", b"\0", b"\0\0\0\0", b"a,b\n1,2\n\0\0\0"])
def test_zeros_alone_are_not_utf_16(content: bytes) -> None:
    assert find_encoding(content) == "utf-8-sig"
