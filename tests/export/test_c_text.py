"""What surrounds the computation of a C header."""

from nnscratch.export import c_format
from nnscratch.export.subject import Subject
from tests.export.models import HOSTILE, MODELS


def files(name: str, called: str = "plain") -> tuple[str, str]:
    export = c_format.write(Subject.of(MODELS[name](), called), "gate")
    return export.files[".h"].decode(), export.files["_main.c"].decode()


def test_the_usage_says_what_the_model_has() -> None:
    header, _ = files("people")
    usage = header.partition("*/")[0]
    for part in ("gate_category(column, text)", "gate_days(year", "NAN stands", "gate_label("):
        assert part in usage
    usage = files("picture")[0].partition("*/")[0]
    assert "the pixels line by line, from 0 to 16" in usage
    assert not any(part in usage for part in ("category", "days", "NAN"))
    assert "gate_has(values, i)" in files("labels")[0]


def test_columns_of_images_have_no_names() -> None:
    assert "gate_column" in files("people")[0]
    assert "gate_column" not in files("picture")[0]


def test_no_name_ends_a_comment() -> None:
    plain = files("two-classes")
    for name in HOSTILE:
        for text, other in zip(files("two-classes", name), plain, strict=True):
            assert text.partition("*/")[2] == other.partition("*/")[2]


def test_the_test_knows_the_answers() -> None:
    main = files("people")[1]
    assert main.startswith("/* Tests the model plain with made-up rows.")
    assert '#include "gate.h"' in main
    assert "static const int answers[ROWS] = {" in main
    assert "NAN" in main
    assert "answers" not in files("log")[1]
