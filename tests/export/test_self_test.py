"""The made-up rows of a self-test, and the answers to them."""

from dataclasses import replace

import numpy as np
import pytest

from nnscratch.export.self_test import ROWS, make_examples, make_rows, values_of
from nnscratch.export.subject import Subject
from nnscratch.model import Model
from tests.export.models import MODELS, build


@pytest.mark.parametrize("name", ["people", "picture", "log1p", "labels"])
def test_answers_are_those_of_the_model(name: str) -> None:
    model = MODELS[name]()
    examples = make_examples(Subject.of(model))
    assert len(examples) == ROWS
    rows = [example.row for example in examples]
    values = values_of(model, model.as_table(rows))
    np.testing.assert_allclose([e.values for e in examples], values, 1e-5, 1e-5)
    if model.encoding.classes or model.encoding.multi_label:
        assert [example.answer for example in examples] == model.predict(rows).tolist()


def test_rows_have_missing_values_only_where_the_model_takes_them() -> None:
    people = make_rows(Subject.of(MODELS["people"]()), 40)
    assert any(None in row for row in people)
    assert None not in people[0]
    assert not any(None in row for row in make_rows(Subject.of(MODELS["hostile"]()), 40))


def test_rows_are_the_same_each_time() -> None:
    subject = Subject.of(MODELS["people"]())
    assert make_rows(subject, 3) == make_rows(subject, 3)


def test_pictures_have_pixels_in_their_range() -> None:
    pixels = np.array(make_rows(Subject.of(MODELS["picture"]()), 20))
    assert pixels.min() == 0
    assert 8 < pixels.max() <= 16


@pytest.mark.parametrize(("height", "width"), [(1, 64), (64, 1)])
def test_a_picture_may_be_a_single_line(height: int, width: int) -> None:
    model = MODELS["picture"]()
    assert isinstance(model, Model)
    assert model.image
    line = replace(model, image=replace(model.image, height=height, width=width))
    pixels = np.array(make_rows(Subject.of(line), 5))
    assert pixels.shape == (5, 64)
    assert pixels.any()


def test_a_row_that_overflows_is_left_out() -> None:
    model = build(transform="log")
    model.network.params["dense_3.bias"][:] = 1e4
    assert make_examples(Subject.of(model)) == []
