"""The C header: its prefix, its size, what it refuses. tests/stories/test_exported_c.py runs it."""

import pytest

from nnscratch.errors import NNScratchError, UsageError
from nnscratch.export import c_format
from nnscratch.export.c_format import write
from nnscratch.export.subject import Subject
from tests.export.models import MODELS, build


@pytest.mark.parametrize(
    ("stem", "prefix"),
    [("wine", "wine"), ("2-gates", "m2_gates"), ("_", "model"), ("a b.c", "a_b_c")],
)
def test_names_begin_with_that_of_the_file(stem: str, prefix: str) -> None:
    header = write(Subject.of(build()), stem).files[".h"].decode()
    assert (
        f"static inline int {prefix}_compute(const {prefix}_number *row, float *values)" in header
    )
    assert f"#ifndef {prefix.upper()}_H_INCLUDED" in header
    if prefix != "model":
        assert "model_" not in header


@pytest.mark.parametrize("stem", ['a"b', "a\nb", "größe", "a\\b"])
def test_a_name_that_no_program_can_include_is_refused(stem: str) -> None:
    with pytest.raises(UsageError, match="the name of a header must be"):
        write(Subject.of(build()), stem)


def test_the_size_is_said() -> None:
    # 57 numbers of float and two names of 4 bytes each, with a byte for the end and a pointer.
    model = build(numbers=1, hidden=(6, 4))
    flash, ram = write(Subject.of(model)).notes
    names = 3 * (4 + 3) + (4 + 2)
    assert flash.startswith(f"flash: {4 * 57 + names} bytes")
    # A row of 3 as float, and layers of 6 and 4 units.
    assert ram.startswith(f"RAM: {4 * (3 + 6 + 4)} bytes on the stack, and 28 bytes")


def test_what_is_exported_as_bytes_says_so() -> None:
    header = write(Subject.of(MODELS["people"]()), is_int8=True).files[".h"].decode()
    assert "static const signed char model_kernel_1[160]" in header
    assert "static const float model_scale_1[8]" in header
    assert "model_dense_int8(inputs" in header


def test_a_network_that_is_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(c_format, "MOST_NUMBERS", 50)
    with pytest.raises(NNScratchError, match="the network has 57 numbers, too many for C"):
        write(Subject.of(build()))
