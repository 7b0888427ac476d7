"""A document: plain data, and the place of every part of it."""

import pytest

from nnscratch.config.reading.document import CommandLine, key_path, parse, parse_file
from nnscratch.errors import ConfigError, Place


def test_every_part_keeps_its_line() -> None:
    text = """\
# a comment
# and another

dataset: xor
architecture:
  # inside
  - 4
  - units: 3

    activation: tanh
name: >
  a long
  text
optimizer: {name: sgd,
  momentum: 0.9}
epochs:

  5
"""
    document = parse_file(text.encode(), "configs/c.yaml")

    assert str(document.where(("dataset",))) == "configs/c.yaml:4:1"
    assert str(document.where(("architecture",))) == "configs/c.yaml:5:1"
    assert str(document.where(("architecture", 0))) == "configs/c.yaml:7:5"
    assert str(document.where(("architecture", 1))) == "configs/c.yaml:8:5"
    assert str(document.where(("architecture", 1, "units"))) == "configs/c.yaml:8:5"
    assert str(document.where(("architecture", 1, "activation"))) == "configs/c.yaml:10:5"
    assert str(document.where(("name",))) == "configs/c.yaml:11:1"
    assert str(document.where(("optimizer",))) == "configs/c.yaml:14:1"
    assert str(document.where(("optimizer", "name"))) == "configs/c.yaml:14:13"
    assert str(document.where(("optimizer", "momentum"))) == "configs/c.yaml:15:3"
    assert str(document.where(("epochs",))) == "configs/c.yaml:16:1"


def test_lines_are_counted_alike_with_windows_line_ends_and_a_byte_order_mark() -> None:
    document = parse_file("# c\r\n\r\na: 1\r\nb: 2\r\n".encode("utf-8-sig"), "c.yaml")

    assert str(document.where(("a",))) == "c.yaml:3:1"
    assert str(document.where(("b",))) == "c.yaml:4:1"


def test_what_is_not_there_is_placed_at_the_part_around_it() -> None:
    document = parse_file(b"a: 1\nb:\n  - c: 2\n", "c.yaml")

    assert str(document.where(("b", 0, "d", "e"))) == "c.yaml:3:5"
    assert str(document.where(("b", 7))) == "c.yaml:2:1"
    assert str(document.where(("d",))) == "c.yaml"


def test_all_of_an_override_has_one_place() -> None:
    place = CommandLine("command line, optimizer={name: sgd}")
    document = parse("{name: sgd, momentum: 0.9}", place)

    assert document.where(()) == place
    assert document.where(("momentum",)) is place


def test_a_problem_has_the_place_of_its_key_and_names_the_first() -> None:
    (problem,) = parse_file(b"a: 1\nb: 2\na: 3\n", "c.yaml").problems

    assert (problem.key, problem.place) == ("a", Place("c.yaml", 3, 1))
    assert str(problem) == "c.yaml:3:1: `a` is given twice, first at c.yaml:1:1"


def test_a_file_that_cannot_be_read_is_one_problem_with_the_place_to_fix() -> None:
    with pytest.raises(ConfigError) as caught:
        parse_file(b"a: 1\nb: [1, 2\n", "c.yaml")

    (problem,) = caught.value.problems
    assert problem.place == Place("c.yaml", 2, 4)
    assert "never closed" in problem.rule


def test_a_key_of_dots_is_a_path() -> None:
    assert key_path("epochs") == ("epochs",)
    assert key_path("architecture.0.units") == ("architecture", 0, "units")
