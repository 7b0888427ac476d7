"""Classes and categories that a reader takes for one."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from nnscratch.insight.doctor.spellings import check_spellings, find_variants
from tests.insight.doctor.support import inline, shipped, table_of


def test_classes_and_categories_in_two_ways_are_named(tmp_path: Path) -> None:
    columns = {
        "city": ["New York", "new york", "Bonn", "Bonn"] * 10,
        "x": [0.5, 1.5, 2.5, 3.5] * 10,
        "y": ["yes", "no", "Yes", "no"] * 10,
    }
    (finding,) = check_spellings(table_of(tmp_path, columns))
    assert finding.level == "look"
    assert finding.rule.endswith(
        ': "Yes" and "yes" (the classes), "New York" and "new york" (city)'
    )
    assert "one way" in finding.remedy


def test_blanks_that_cannot_be_seen_are_shown(tmp_path: Path) -> None:
    experiment = inline(tmp_path, [[0.0], [1.0], [2.0]], ["yes", "yes ", "no"])
    (finding,) = check_spellings(experiment)
    assert '"yes" and "yes "' in finding.rule


def test_different_words_and_numbers_are_no_variants() -> None:
    assert not find_variants(["yes", "no", "yesno", "n o t", 1, "1", True])
    assert find_variants(["Straße", "STRASSE", "a b", "a  b"]) == [
        ["Straße", "STRASSE"],
        ["a b", "a  b"],
    ]


@given(st.text(alphabet="abcxyz", min_size=1))
def test_upper_case_and_blanks_around_are_variants(text: str) -> None:
    variants = [text, text.upper(), f" {text}", f"{text}\u00a0"]
    assert find_variants([*variants, "0"]) == [variants]


def test_the_shipped_data_is_written_in_one_way() -> None:
    assert not any(list(check_spellings(shipped(name))) for name in ("iris", "csv", "diabetes"))
