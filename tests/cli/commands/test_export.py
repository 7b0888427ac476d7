"""`nnscratch export`: what it writes, and what it refuses."""

import json
from importlib.util import find_spec
from pathlib import Path

import pytest

from nnscratch.export import Format
from tests.conftest import Command

USAGE = 2


def test_a_file_is_called_after_its_run(trained: Path, nnscratch: Command) -> None:
    result = nnscratch("export", trained, "--to", "python")
    assert (result.code, result.out) == (0, "")
    assert result.err.startswith("wrote xor_model.py, ")
    assert Path("xor_model.py").is_file()


def test_a_file_is_called_as_asked_and_never_replaced(trained: Path, nnscratch: Command) -> None:
    assert nnscratch("export", "xor", "--to", "json", "--output", "gate.json").code == 0
    before = Path("gate.json").read_bytes()
    assert json.loads(before)["name"] == "xor"
    result = nnscratch("export", "xor", "--to", "json", "--output", "gate.json")
    assert (result.code, result.err) == (
        USAGE, "error: gate.json: exists already; --output writes another\n",
    )  # fmt: skip
    assert Path("gate.json").read_bytes() == before


def test_a_name_that_is_no_word_becomes_one(workplace: Path, nnscratch: Command) -> None:
    result = nnscratch(
        "train", "configs/and.yaml", "epochs=1", "name=4-gates.2", "--quiet", "--no-plots"
    )
    assert result.code == 0, result.err
    assert nnscratch("export", "latest", "--to", "python").code == 0
    assert Path("_4_gates_2_model.py").is_file()


@pytest.mark.parametrize("file_format", Format)
def test_the_ending_must_be_that_of_the_format(
    file_format: Format, trained: Path, nnscratch: Command
) -> None:
    for name in ("gate.txt", "gate", file_format.ending):
        result = nnscratch("export", trained, "--to", file_format.value, "--output", name)
        expected = f"error: --output {name}: the file name must end in {file_format.ending}\n"
        assert (result.code, result.err) == (USAGE, expected)


def test_c_is_two_files_and_prints_its_size(trained: Path, nnscratch: Command) -> None:
    result = nnscratch("export", trained, "--to", "c", "--dtype", "int8", "--output", "gate.h")
    assert (result.code, result.out) == (0, "")
    assert [line.partition(",")[0] for line in result.err.splitlines()][:2] == [
        "wrote gate.h", "wrote gate_main.c",
    ]  # fmt: skip
    assert "flash: " in result.err
    assert "RAM: " in result.err
    Path("gate.h").unlink()
    again = nnscratch("export", trained, "--to", "c", "--output", "gate.h")
    assert again.err == "error: gate_main.c: exists already; --output writes another\n"
    assert not Path("gate.h").exists()


def test_bytes_are_for_c(trained: Path, nnscratch: Command) -> None:
    result = nnscratch("export", trained, "--to", "json", "--dtype", "int8")
    assert (result.code, result.err) == (
        USAGE, "error: --dtype int8: is for C; got --to json\n",
    )  # fmt: skip


@pytest.mark.skipif(find_spec("onnxruntime") is None, reason='pip install "nnscratch[onnx]"')
def test_onnx_says_what_goes_in_and_what_comes_out(trained: Path, nnscratch: Command) -> None:
    result = nnscratch("export", trained, "--to", "onnx")
    assert result.code == 0, result.err
    assert result.err.endswith("inputs 'x1', 'x2'; outputs label and probabilities\n")
    assert Path("xor_model.onnx").is_file()


def test_mistakes_are_named(trained: Path, nnscratch: Command) -> None:
    assert "nosuch: no run" in nnscratch("export", "nosuch", "--to", "python").err
    unknown = nnscratch("export", trained, "--to", "java")
    assert unknown.code == USAGE
    assert "python" in unknown.err
    nowhere = nnscratch("export", trained, "--to", "python", "--output", "no/such.py")
    assert (nowhere.code, nowhere.err) == (1, "error: no/such.py: No such file or directory\n")
    assert nnscratch("export", trained).code == USAGE
