"""Texts and numbers of C, and the functions that a header needs."""

import numpy as np
import pytest

from nnscratch.export.c_source import c_float, c_numbers, c_text, choose_source


@pytest.mark.parametrize(
    ("text", "literal"),
    [
        ("plain", '"plain"'),
        ('a"b\\c', r'"a\"b\\c"'),
        ("line\nbreak\t", r'"line\012break\011"'),
        ("é1", r'"\303\2511"'),  # three octal digits, so that the 1 is a character of its own
        ("what??/", r'"what\?\?/"'),  # ??/ would be a backslash
        ("model_MODEL_", r'"mode\154_MODE\114_"'),
        ("\ud800", r'"\355\240\200"'),
    ],
)
def test_texts(text: str, literal: str) -> None:
    assert c_text(text) == literal


def test_numbers_of_each_type() -> None:
    assert c_float(0.1) == "0.1f"
    assert c_float(1.0) == "1.0f"
    assert c_float(1e-20) == "1e-20f"
    numbers = np.array([[0.1, 2.0], [-3.0, 1e300]])
    assert c_numbers(numbers, "double") == "{\n    0.1, 2.0, -3.0, 1e+300,\n}"
    assert c_numbers(numbers[:, :1].astype(np.float32), "float") == "{\n    0.1f, -3.0f,\n}"
    assert c_numbers(np.array([1, -127]), "signed char") == "{\n    1, -127,\n}"


def test_long_arrays_are_broken_into_lines() -> None:
    lines = c_numbers(np.arange(1000.0), "float").splitlines()
    assert max(map(len, lines)) <= 100
    assert sum(line.count("f,") for line in lines) == 1000


def test_functions_come_with_those_that_they_call() -> None:
    text = choose_source({"model_is_too_large", "model_softmax"})
    assert text.count("static inline") == 2
    assert text.startswith("/* Whether a number of the network is infinite")
    assert choose_source([]) == ""
