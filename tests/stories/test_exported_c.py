"""A C header that was exported predicts what the model predicts, compiled with every warning."""

import math
import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nnscratch import Model
from nnscratch.data import load
from nnscratch.export import c_format
from nnscratch.export.subject import Subject
from nnscratch.model.predictor import Predictor
from tests.conftest import Command
from tests.export.models import IMPORTANT, MODELS, build, case_of, odd_cases, picture
from tests.stories.exports import assert_agrees
from tests.stories.test_data_configs import HAS_MNIST

CC, NM = shutil.which("cc"), shutil.which("nm")
pytestmark = pytest.mark.skipif(CC is None, reason="a C compiler is not installed: cc")
# What users of microcontrollers ask a compiler for; and a few bytes that are none of the stack's.
WARNINGS = ("-std=c99", "-Wall", "-Wextra", "-Werror", "-pedantic", "-Wconversion", "-Wshadow")
REFUSED = {1: "missing", 2: "too large", 3: "overflow"}
DRIVER = r"""
#include <stdio.h>
#include <string.h>
%(includes)s
#define RUN(name, NAME, decide) \
    static void run_##name(void) { \
        name##_number row[NAME##_COLUMNS]; \
        float values[NAME##_VALUES]; \
        double number; \
        int i = 0; \
        while (scanf("%%lf", &number) == 1) { \
            row[i++] = (name##_number)number; \
            if (i < NAME##_COLUMNS) continue; \
            i = name##_compute(row, values); \
            printf("%%d %%d", i, i ? 0 : decide); \
            for (i = 0; i < NAME##_VALUES; i++) printf(" %%.9g", (double)values[i]); \
            printf("\n"); \
            i = 0; \
        } \
    }
%(runs)s
int main(int count, char **arguments) {
    (void)count;
%(calls)s
    return 0;
}
"""


def compile_all(folder: Path, models: Mapping[str, Predictor], **settings: Any) -> Path:
    """Returns a program that predicts rows with one of several models, each with its own header."""
    includes, runs, calls = [], [], []
    for number, (name, model) in enumerate(models.items()):
        stem = f"m{number}_{re.sub(r'[^a-z0-9]', '_', name)}"
        files = c_format.write(Subject.of(model, name), stem, **settings).files
        for ending, content in files.items():
            (folder / f"{stem}{ending}").write_bytes(content)
        decide = f"{stem}_decide(values)" if model.encoding.classes is not None else "0"
        includes.append(f'#include "{stem}.h"')
        runs.append(f"RUN({stem}, {stem.upper()}, {decide})")
        calls.append(f'    if (!strcmp(arguments[1], "{name}")) run_{stem}();')
    parts = {"includes": includes, "runs": runs, "calls": calls}
    (folder / "driver.c").write_text(DRIVER % {k: "\n".join(v) for k, v in parts.items()})
    compiling = [str(CC), *WARNINGS, "-O1", "driver.c", "-o", "driver", "-lm"]
    done = subprocess.run(compiling, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return folder / "driver"


def run(program: Path, name: str, rows: Sequence[Sequence[float]]) -> list[tuple[int, int, Any]]:
    """Returns the error, the index of the class and the values of each row."""
    given = "\n".join(" ".join(map(repr, row)) for row in rows)
    done = subprocess.run([program, name], input=given, capture_output=True, text=True, check=True)
    lines = [line.split() for line in done.stdout.splitlines()]
    assert len(lines) == len(rows)
    return [(int(line[0]), int(line[1]), list(map(float, line[2:]))) for line in lines]


def answers_of(subject: Subject, found: Sequence[tuple[int, int, Any]]) -> list[Any]:
    encoding = subject.model.encoding
    if encoding.classes is not None:
        return [encoding.classes[index] for _, index, _ in found]
    values = [values for _, _, values in found]
    if encoding.multi_label:
        return [[int(value > encoding.threshold) for value in row] for row in values]
    return values


def check(folder: Path, names: Sequence[str], rows: int) -> None:
    cases = {name: case_of(MODELS[name](), rows) for name in names}
    program = compile_all(folder, {name: case.subject.model for name, case in cases.items()})
    for name, case in cases.items():
        found = run(program, name, case.numbers)
        assert not any(error for error, _, _ in found)
        values = [values for _, _, values in found]
        assert_agrees(case, answers_of(case.subject, found), values, 1e-5)


def test_important_models(tmp_path: Path) -> None:
    check(tmp_path, ["people", "folds", "picture", "labels", "activation-mish", "log1p"], 100)


@pytest.mark.slow  # compiles dozens of networks
def test_many_rows_of_models_of_every_kind(tmp_path: Path) -> None:
    check(tmp_path, list(MODELS), 1000)


@pytest.mark.slow  # compiles a program for each
@pytest.mark.parametrize("is_int8", [False, True])
def test_the_programs_say_that_all_rows_agree(tmp_path: Path, is_int8: bool) -> None:
    for name in MODELS:
        files = c_format.write(Subject.of(MODELS[name](), name), "model", is_int8=is_int8).files
        for ending, content in files.items():
            (tmp_path / f"model{ending}").write_bytes(content)
        compiling = [str(CC), *WARNINGS, "model_main.c", "-o", "test", "-lm"]
        done = subprocess.run(compiling, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        done = subprocess.run([tmp_path / "test"], capture_output=True, text=True, check=False)
        assert (done.returncode, done.stdout) == (0, "10 of 10 rows agree\n"), name


def test_rows_that_are_refused(tmp_path: Path) -> None:
    models = {name: MODELS[name]() for name in ("people", "picture")}
    program = compile_all(tmp_path, models)
    for name, model in models.items():
        # C is given numbers: what is no number cannot be, nor can a pixel beyond float.
        largest = math.inf if model.image is None else np.finfo(np.float32).max
        cases = [
            (row, answer)
            for row, answer in odd_cases(model)
            if (answer is not None or _is_numbers(row))
            and np.nanmax(np.abs(_as_numbers(model, row))) <= largest
        ]
        found = run(program, name, [_as_numbers(model, row) for row, _ in cases])
        for (row, answer), (error, index, values) in zip(cases, found, strict=True):
            if answer is None:
                assert error in REFUSED, (name, row)
            else:
                assert error == 0, (name, row, answer)
                assert answers_of(Subject.of(model), [(error, index, values)]) == [answer]


def _is_numbers(row: Sequence[Any]) -> bool:
    return all(value is None or isinstance(value, int | float) for value in row)


def _as_numbers(model: Predictor, row: Sequence[Any]) -> list[float]:
    if _is_numbers(row):
        return [math.nan if value is None else float(value) for value in row]
    numbers: list[float] = model.as_table([row])[0].tolist()
    return numbers


CATEGORIES = r"""
#include <stdio.h>
#include "names.h"
static void show(const char *text) {
    for (; *text; text++) printf("%02x", (unsigned)(unsigned char)*text);
    printf("\n");
}
int main(void) {
    int i;
    for (i = 0; i < NAMES_COLUMNS; i++) show(names_column(i));
    for (i = 0; i < NAMES_VALUES; i++) show(names_label(i));
    for (i = 0; i < NAMES_VALUES; i++) {
        printf("%d\n", names_category(NAMES_COLUMNS - 1, names_label(i)));
    }
    printf("%d %d\n", names_category(NAMES_COLUMNS - 1, "new"), names_category(0, "int"));
    return 0;
}
"""


def test_names_come_through_whatever_they_hold(tmp_path: Path) -> None:
    model = MODELS["hostile"]()
    header = c_format.write(Subject.of(model, "*/ int hit; /*"), "names").files[".h"]
    assert header.isascii()
    (tmp_path / "names.h").write_bytes(header)
    (tmp_path / "names.c").write_text(CATEGORIES)
    compiling = [str(CC), *WARNINGS, "names.c", "-o", "names", "-lm"]
    done = subprocess.run(compiling, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    shown = subprocess.run([tmp_path / "names"], capture_output=True, text=True, check=True)
    lines = shown.stdout.splitlines()
    classes = [str(each) for each in model.encoding.classes or ()]
    names = [feature.name for feature in model.features] + classes
    assert [bytes.fromhex(line).decode() for line in lines[: len(names)]] == names
    categories = list(model.features[-1].categories or ())
    assert lines[len(names) : -1] == [str(categories.index(each)) for each in classes]
    assert lines[-1] == "-1 -1"


@pytest.mark.slow  # compiles dozens of networks
@pytest.mark.skipif(NM is None, reason="binutils are not installed: nm")
def test_nothing_of_libm_is_called_but_two_functions(tmp_path: Path) -> None:
    models = {name: MODELS[name]() for name in MODELS if name not in IMPORTANT[2:7]}
    program = compile_all(tmp_path, models)
    symbols = subprocess.run(
        [str(NM), "--undefined-only", program], capture_output=True, text=True, check=True
    )
    called = set(re.findall(r"U (\w+)", symbols.stdout))
    assert {"expf", "tanhf"} <= called
    allowed = {"expf", "tanhf", "printf", "putchar", "puts", "strcmp", "__libc_start_main"}
    assert {name for name in called if "scanf" not in name} <= allowed


@pytest.mark.slow  # compiles a hundred thousand numbers
@pytest.mark.skipif(NM is None, reason="binutils are not installed: nm")
def test_bytes_take_a_quarter_of_the_room_and_hardly_change_the_answers(tmp_path: Path) -> None:
    model = build(
        "cross_entropy", tuple(range(10)), **picture(28, 28, 255.0), hidden=(128, 32), spread=0.1
    )
    case = case_of(model, 100)
    export = c_format.write(Subject.of(model), "digits", is_int8=True)
    assert export.notes[0].startswith("flash: 106 kB")
    program = compile_all(tmp_path, {"digits": model}, is_int8=True)
    found = run(program, "digits", case.numbers)
    values = np.array([values for _, _, values in found])
    assert np.abs(values - case.values).max() < 0.1
    agree = np.mean(
        [a == b for a, b in zip(answers_of(case.subject, found), case.answers, strict=True)]
    )
    assert agree > 0.9
    subprocess.run(
        [str(CC), "-std=c99", "-Os", "-c", "m0_digits_main.c", "-o", "digits.o"],
        cwd=tmp_path, check=True,
    )  # fmt: skip
    sizes = subprocess.run(
        [str(NM), "-S", tmp_path / "digits.o"], capture_output=True, text=True, check=True
    )
    symbols = [line.split() for line in sizes.stdout.splitlines() if len(line.split()) == 4]
    mine = {
        name: int(size, 16)
        for _, size, _, name in symbols
        if name not in ("rows", "expected", "main")
    }
    assert sum(mine.values()) <= 110_000


@pytest.mark.slow  # trains on MNIST
@pytest.mark.skipif(not HAS_MNIST, reason="needs scikit-learn's data folder with MNIST in it")
def test_mnist_as_bytes_loses_less_than_a_fifth_of_a_point(
    tmp_path: Path, nnscratch: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("digits.yaml").write_text(
        "dataset: mnist\narchitecture: [128, 32]\noptimizer: {name: sgd, momentum: 0.9}\n"
        "learning_rate: 0.1\nbatch_size: 128\nepochs: 4\n"
    )
    trained = nnscratch("train", "digits.yaml", "--quiet", "--no-plots")
    assert trained.code == 0, trained.err
    model = Model.load(trained.out.strip())
    test = load("mnist").splits["test"]
    program = compile_all(tmp_path, {"digits": model}, is_int8=True)
    found = run(program, "digits", test.inputs.astype(float).tolist())
    assert model.encoding.classes
    exact = np.mean(model.predict(test.inputs) == np.array(model.encoding.classes)[test.targets])
    bytes_only = np.mean([index for _, index, _ in found] == test.targets)
    assert exact > 0.96
    assert abs(exact - bytes_only) < 0.002
