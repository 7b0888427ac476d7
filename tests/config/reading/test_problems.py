"""What the author of a config reads about mistakes: one line for each, all at once, with the place,
the key, what was given, what is allowed and the name that may have been meant.
"""

import os
from pathlib import Path

import pytest

from nnscratch.config import load
from nnscratch.errors import ConfigError
from tests.conftest import without_columns

# A problem is a place, which is how its line begins, and fragments of the rest.
Problem = tuple[str, ...]

HUGE = "1" + "0" * 400
BEYOND_PYTHON = "1" * 5000


def problems_of(tmp_path: Path, text: str, *overrides: str) -> list[str]:
    """The problems of a config, with the file's path cut down to c.yaml."""
    path = tmp_path / "c.yaml"
    path.write_text(text)
    with pytest.raises(ConfigError) as caught:
        load(path, overrides)
    assert str(caught.value) == "\n".join(map(str, caught.value.problems))
    problems = [str(problem).replace(str(path), "c.yaml") for problem in caught.value.problems]
    return list(map(without_columns, problems))


def check(problems: list[str], expected: list[Problem]) -> None:
    """Each problem is one line of reasonable length, and exactly the expected ones are there."""
    for place, *fragments in expected:
        fitting = [
            problem
            for problem in problems
            if problem.startswith(f"{place}: ")
            and all(fragment in problem for fragment in fragments)
        ]
        assert len(fitting) == 1, f"{place}: {fragments} in {problems}"
    assert len(problems) == len(expected), problems
    assert [problem for problem in problems if len(problem.splitlines()) != 1] == []
    assert [problem for problem in problems if len(problem) >= 500] == []


UNKNOWN_KEYS: list[tuple[str, list[str], list[Problem]]] = [
    (
        "dataset: xor\nlerning_rate: 1\n",
        [],
        [("c.yaml:2", "`lerning_rate` is an unknown key", "did you mean `learning_rate`?")],
    ),
    (
        "dataset: xor\n# a comment\n\nEpochs: 1\n",
        [],
        [("c.yaml:4", "`Epochs` is an unknown key", "did you mean `epochs`?")],
    ),
    (
        "dataset: xor\nhiden_layers: [4]\n",
        [],
        [("c.yaml:2", "`hiden_layers` is an unknown key", "did you mean `architecture`?")],
    ),
    (
        "dataset: xor\nzzz: 1\n",
        [],
        [("c.yaml:2", "`zzz` is an unknown key", "allowed", "dataset", "learning_rate", "epochs")],
    ),
    ("dataset: xor\n1: 2\n", [], [("c.yaml:2", "`1` is an unknown key")]),
    ("dataset: xor\ntrue: 2\n", [], [("c.yaml:2", "`true` is an unknown key")]),
    ("dataset: xor\n'': 2\n", [], [("c.yaml:2", "is an unknown key")]),
    ('dataset: xor\n"a\\nb": 2\n', [], [("c.yaml:2", "is an unknown key")]),
    (
        "dataset:\n  name: xor\n  input: 2\n",
        [],
        [("c.yaml:3", "`dataset.input` is an unknown key", "did you mean `inputs`?")],
    ),
    (
        "dataset: xor\noptimizer:\n  name: adam\n  beta1: 0.5\n",
        [],
        [("c.yaml:4", "`optimizer.beta1` is an unknown key", "did you mean `beta_1`?")],
    ),
    (
        "dataset: xor\noptimizer:\n  name: sgd\n  beta_1: 0.5\n",
        [],
        [("c.yaml:4", "`optimizer.beta_1` is an unknown key", "momentum", "nesterov")],
    ),
    (
        "dataset: xor\nactivation: {name: relu, negative_slope: 0.1}\n",
        [],
        [("c.yaml:2", "`activation.negative_slope` is an unknown key")],
    ),
    (
        "dataset: xor\narchitecture:\n  - 4\n  - units: 3\n    activaton: tanh\n",
        [],
        [
            (
                "c.yaml:5",
                "`architecture.1.activaton` is an unknown key",
                "did you mean `activation`?",
            )
        ],
    ),
    (
        "dataset: xor\narchitecture:\n- units: 3\n  activation:\n    name: elu\n    alpa: 1\n",
        [],
        [
            (
                "c.yaml:6",
                "`architecture.0.activation.alpa` is an unknown key",
                "did you mean `alpha`?",
            )
        ],
    ),
    (
        "dataset: xor\narchitecture: [{unit: 3}]\n",
        [],
        [
            ("c.yaml:2", "`architecture.0.units`", "missing"),
            ("c.yaml:2", "`architecture.0.unit` is an unknown key", "did you mean `units`?"),
        ],
    ),
    (
        "dataset: xor\n",
        ["lerning_rate=1"],
        [("command line, lerning_rate=1", "is an unknown key", "did you mean `learning_rate`?")],
    ),
]

NAMES: list[tuple[str, list[str], list[Problem]]] = [
    (
        "dataset: xorr\n",
        [],
        [("c.yaml:1", "`dataset`", "xnor", "nand", '"xorr"', "did you mean xor?")],
    ),
    ("dataset:\n  name: xorr\n", [], [("c.yaml:2", "`dataset.name`", "did you mean xor?")]),
    ("dataset: XOR\n", [], [("c.yaml:1", "`dataset`", '"XOR"', "did you mean xor?")]),
    ("dataset: zzz\n", [], [("c.yaml:1", "`dataset`", "and, or, not", "inline", '"zzz"')]),
    (
        "dataset: xor\nactivation: rellu\n",
        [],
        [("c.yaml:2", "`activation`", "sigmoid", '"rellu"', "did you mean relu?")],
    ),
    (
        "dataset: xor\noutput_activation: softmx\n",
        [],
        [("c.yaml:2", "`output_activation`", "did you mean softmax?")],
    ),
    ("dataset: xor\nactivation: softmax\n", [], [("c.yaml:2", "`activation`", '"softmax"')]),
    (
        "dataset: xor\ninitializer: he_norml\n",
        [],
        [("c.yaml:2", "`initializer`", "did you mean he_normal?")],
    ),
    (
        "dataset: xor\nloss: cross_entrpy\n",
        [],
        [("c.yaml:2", "`loss`", "did you mean cross_entropy?")],
    ),
    ("dataset: xor\noptimizer: adm\n", [], [("c.yaml:2", "`optimizer`", "did you mean adam?")]),
    (
        "dataset: xor\noptimizer:\n  name: adm\n",
        [],
        [("c.yaml:3", "`optimizer.name`", "did you mean adam?")],
    ),
    ("dataset: xor\ndtype: float16\n", [], [("c.yaml:2", "`dtype`", "float32", "float64")]),
    ("dataset: xor\nbatch_size: ful\n", [], [("c.yaml:2", "`batch_size`", "full", '"ful"')]),
    (
        "dataset: xor\narchitecture:\n- 4\n- units: 3\n  activation: tnh\n",
        [],
        [("c.yaml:5", "`architecture.1.activation`", "did you mean tanh?")],
    ),
    (
        "dataset: {name: xor, encoding: bipolr}\n",
        [],
        [("c.yaml:1", "`dataset.encoding`", "binary", "did you mean bipolar?")],
    ),
]

TYPES: list[tuple[str, list[str], list[Problem]]] = [
    ("dataset: xor\nepochs: true\n", [], [("c.yaml:2", "`epochs`", "whole number", "true")]),
    ("dataset: xor\nepochs: 1.5\n", [], [("c.yaml:2", "`epochs`", "whole number", "1.5")]),
    ("dataset: xor\nepochs: '5'\n", [], [("c.yaml:2", "`epochs`", "whole number", '"5"')]),
    ("dataset: xor\nepochs:\n", [], [("c.yaml:2", "`epochs`", "whole number", "null")]),
    ("dataset: xor\nepochs: [5]\n", [], [("c.yaml:2", "`epochs`", "whole number", "[5]")]),
    (
        "dataset: xor\n\nlearning_rate: fast\n",
        [],
        [("c.yaml:3", "`learning_rate`", "a number", '"fast"')],
    ),
    ("dataset: xor\nlearning_rate: true\n", [], [("c.yaml:2", "`learning_rate`", "true")]),
    ("dataset: xor\nlearning_rate: 1:30\n", [], [("c.yaml:2", "`learning_rate`", '"1:30"')]),
    ("dataset: xor\nlearning_rate: {a: 1}\n", [], [("c.yaml:2", "`learning_rate`", "number")]),
    ("dataset: xor\nuse_bias: yes\n", [], [("c.yaml:2", "`use_bias`", "true or false", '"yes"')]),
    ("dataset: xor\nuse_bias: 1\n", [], [("c.yaml:2", "`use_bias`", "true or false", "1")]),
    ("dataset: xor\nseed: 1.0\n", [], [("c.yaml:2", "`seed`", "whole number", "1.0")]),
    ("dataset: xor\nname: 5\n", [], [("c.yaml:2", "`name`", "text", "5")]),
    ("dataset: xor\ndtype: 32\n", [], [("c.yaml:2", "`dtype`", "float32", "32")]),
    ("dataset: xor\nbatch_size: 1.5\n", [], [("c.yaml:2", "`batch_size`", "whole", "full", "1.5")]),
    ("dataset: xor\nbatch_size: true\n", [], [("c.yaml:2", "`batch_size`", "whole", "full")]),
    ("dataset: xor\narchitecture: 5\n", [], [("c.yaml:2", "`architecture`", "list", "5")]),
    ("dataset: xor\narchitecture: null\n", [], [("c.yaml:2", "`architecture`", "list", "null")]),
    ("dataset: xor\narchitecture: {units: 4}\n", [], [("c.yaml:2", "`architecture`", "list")]),
    (
        "dataset: xor\narchitecture:\n- 4\n- wide\n",
        [],
        [("c.yaml:4", "`architecture.1`", "number", "mapping", '"wide"')],
    ),
    (
        "dataset: xor\narchitecture: [4.0]\n",
        [],
        [("c.yaml:2", "`architecture.0`", "number", "mapping", "4.0")],
    ),
    ("dataset: xor\narchitecture: [[4]]\n", [], [("c.yaml:2", "`architecture.0`", "mapping")]),
    ("dataset: xor\narchitecture: [true]\n", [], [("c.yaml:2", "`architecture.0`", "true")]),
    (
        "dataset: xor\narchitecture:\n- activation: tanh\n",
        [],
        [("c.yaml:3", "`architecture.0.units`", "missing")],
    ),
    ("dataset: xor\nactivation: 5\n", [], [("c.yaml:2", "`activation`", "name", "mapping", "5")]),
    ("dataset: xor\nactivation: null\n", [], [("c.yaml:2", "`activation`", "name", "null")]),
    ("dataset: xor\nactivation: [relu]\n", [], [("c.yaml:2", "`activation`", "name", "mapping")]),
    ("dataset: xor\nactivation: {}\n", [], [("c.yaml:2", "`activation`", "`name`")]),
    ("dataset: xor\nloss:\n  delta: 1\n", [], [("c.yaml:2", "`loss`", "`name`")]),
    ("dataset: xor\nloss: {name: [huber]}\n", [], [("c.yaml:2", "`loss.name`", "huber")]),
    ("dataset: xor\noptimizer: {beta_1: x}\n", [], [("c.yaml:2", "`optimizer.beta_1`", '"x"')]),
    (
        "dataset: xor\noptimizer: {name: sgd, nesterov: 1}\n",
        [],
        [("c.yaml:2", "`optimizer.nesterov`", "true or false")],
    ),
    ("dataset: 5\n", [], [("c.yaml:1", "`dataset`", "name", "mapping", "5")]),
    ("dataset:\n", [], [("c.yaml:1", "`dataset`", "null")]),
    ("dataset: [xor, and]\n", [], [("c.yaml:1", "`dataset`", "name", "mapping")]),
    ("dataset: {inputs: 2}\n", [], [("c.yaml:1", "`dataset`", "`name`")]),
    ("dataset: {name: xor, inputs: 2.0}\n", [], [("c.yaml:1", "`dataset.inputs`", "2.0")]),
    ("dataset: xor\n", ["epochs=many"], [("command line, epochs=many", "`epochs`", '"many"')]),
]

RANGES: list[tuple[str, list[str], list[Problem]]] = [
    ("dataset: xor\nepochs: 0\n", [], [("c.yaml:2", "`epochs`", "at least 1", "got 0")]),
    ("dataset: xor\nepochs: -5\n", [], [("c.yaml:2", "`epochs`", "at least 1", "-5")]),
    (f"dataset: xor\nepochs: {HUGE}\n", [], [("c.yaml:2", "`epochs`")]),
    (f"dataset: xor\nepochs: {BEYOND_PYTHON}\n", [], [("c.yaml:2", "`epochs`")]),
    ("dataset: xor\nlearning_rate: 0\n", [], [("c.yaml:2", "`learning_rate`", "above 0", "0")]),
    ("dataset: xor\nlearning_rate: -0.1\n", [], [("c.yaml:2", "`learning_rate`", "-0.1")]),
    ("dataset: xor\nlearning_rate: .nan\n", [], [("c.yaml:2", "`learning_rate`", "finite", "nan")]),
    ("dataset: xor\nlearning_rate: .inf\n", [], [("c.yaml:2", "`learning_rate`", "finite", "inf")]),
    ("dataset: xor\nlearning_rate: -.inf\n", [], [("c.yaml:2", "`learning_rate`")]),
    ("dataset: xor\nlearning_rate: 1e999\n", [], [("c.yaml:2", "`learning_rate`", "finite")]),
    (f"dataset: xor\nlearning_rate: {HUGE}\n", [], [("c.yaml:2", "`learning_rate`")]),
    (f"dataset: xor\nlearning_rate: {BEYOND_PYTHON}\n", [], [("c.yaml:2", "`learning_rate`")]),
    ("dataset: xor\nseed: -1\n", [], [("c.yaml:2", "`seed`", "at least 0", "-1")]),
    ("dataset: xor\nseed: 9223372036854775808\n", [], [("c.yaml:2", "`seed`")]),
    (f"dataset: xor\nseed: {HUGE}\n", [], [("c.yaml:2", "`seed`")]),
    ("dataset: xor\nbatch_size: 0\n", [], [("c.yaml:2", "`batch_size`", "at least 1", "full")]),
    ("dataset: xor\narchitecture:\n- 0\n", [], [("c.yaml:3", "`architecture.0", "at least 1")]),
    ("dataset: xor\narchitecture: [4, -1]\n", [], [("c.yaml:2", "`architecture.1", "-1")]),
    (f"dataset: xor\narchitecture: [{HUGE}]\n", [], [("c.yaml:2", "`architecture.0")]),
    (
        "dataset: xor\narchitecture:\n- units: 2\n- units: 0\n",
        [],
        [("c.yaml:4", "`architecture.1.units`", "at least 1", "got 0")],
    ),
    (
        "dataset: xor\noptimizer:\n  name: adam\n  beta_1: 1\n",
        [],
        [("c.yaml:4", "`optimizer.beta_1`", "below 1", "got 1")],
    ),
    ("dataset: xor\noptimizer: {epsilon: 0}\n", [], [("c.yaml:2", "`optimizer.epsilon`")]),
    (f"dataset: xor\noptimizer: {{epsilon: {HUGE}}}\n", [], [("c.yaml:2", "`optimizer.epsilon`")]),
    ("dataset: xor\noptimizer: {beta_2: .nan}\n", [], [("c.yaml:2", "`optimizer.beta_2`", "nan")]),
    (
        "dataset: xor\noptimizer: {name: adamw, weight_decay: -1}\n",
        [],
        [("c.yaml:2", "`optimizer.weight_decay`", "at least 0", "-1")],
    ),
    (
        "dataset: xor\nactivation: {name: leaky_relu, negative_slope: 1}\n",
        [],
        [("c.yaml:2", "`activation.negative_slope`", "below 1")],
    ),
    ("dataset: xor\nactivation: {name: elu, alpha: 0}\n", [], [("c.yaml:2", "`activation.alpha`")]),
    (
        "dataset: xor\nloss: {name: huber, delta: 0}\n",
        [],
        [("c.yaml:2", "`loss.delta`", "above 0")],
    ),
    (
        "dataset: xor\ninitializer: {name: normal, stddev: -1}\n",
        [],
        [("c.yaml:2", "`initializer.stddev`", "at least 0")],
    ),
    (
        "dataset: xor\ninitializer: {name: uniform, minval: .inf}\n",
        [],
        [("c.yaml:2", "`initializer.minval`", "finite")],
    ),
    ("dataset:\n  name: xor\n  inputs: 0\n", [], [("c.yaml:3", "`dataset.inputs`", "got 0")]),
    ("dataset: {name: xor, inputs: 1}\n", [], [("c.yaml:1", "`dataset.inputs`", "xor", "got 1")]),
    ("dataset: {name: not, inputs: 2}\n", [], [("c.yaml:1", "`dataset.inputs`", "not", "got 2")]),
    ("dataset: xor\nname: a/b\n", [], [("c.yaml:2", "`name`", '"a/b"')]),
    ("dataset: xor\nname: ../up\n", [], [("c.yaml:2", "`name`", "../up")]),
    ("dataset: xor\nname: ''\n", [], [("c.yaml:2", "`name`")]),
    ('dataset: xor\nname: "a\\nb"\n', [], [("c.yaml:2", "`name`")]),
    ('dataset: xor\nname: "run\\n"\n', [], [("c.yaml:2", "`name`")]),
    (f"dataset: xor\nname: {'x' * 101}\n", [], [("c.yaml:2", "`name`", "100")]),
    (
        "dataset: xor\n",
        ["learning_rate=-1"],
        [("command line, learning_rate=-1", "`learning_rate`", "above 0", "-1")],
    ),
]

TOGETHER: list[tuple[str, list[str], list[Problem]]] = [
    ("epochs: 5\n", [], [("c.yaml", "`dataset`", "missing")]),
    ("epochs: 0\n", [], [("c.yaml", "`dataset`", "missing"), ("c.yaml:1", "`epochs`")]),
    ("dataset: xor\nlr: 1\nlearning_rate: 2\n", [], [("c.yaml:2", "`lr`", "`learning_rate`")]),
    ("dataset: xor\nlr: fast\n", [], [("c.yaml:2", "`learning_rate`", "number", '"fast"')]),
    (
        "dataset: xor\noptimiser:\n  name: sgd\n  momentm: 1\n",
        [],
        [("c.yaml:4", "`optimizer.momentm` is an unknown key", "did you mean `momentum`?")],
    ),
    (
        "dataset: xor\noptimizer:\n  name: sgd\n  nesterov: true\n",
        [],
        [("c.yaml:4", "`optimizer.nesterov`", "`momentum` above 0")],
    ),
    (
        "dataset: xor\noptimizer: {name: sgd, momentum: 0.0, nesterov: true}\n",
        [],
        [("c.yaml:2", "`optimizer.nesterov`", "`momentum` above 0")],
    ),
    (
        "dataset: xor\noptimizer: {name: sgd, momentum: 0.5}\n",
        ["optimizer.momentum=0", "optimizer.nesterov=true"],
        [("command line, optimizer.nesterov=true", "`momentum` above 0")],
    ),
    (
        "dataset: xor\ninitializer:\n  name: uniform\n  minval: 1\n  maxval: 0.5\n",
        [],
        [("c.yaml:5", "`initializer.maxval`", "`minval`", "1", "0.5")],
    ),
    (
        "dataset: xor\ninitializer:\n  name: uniform\n  minval: 1\n",
        [],
        [("c.yaml:2", "`initializer.maxval`", "`minval`")],
    ),
    (
        "dataset: {name: inline, input: [[1]], targets: [1]}\n",
        [],
        [
            ("c.yaml:1", "`dataset.inputs`", "missing"),
            ("c.yaml:1", "`dataset.input` is an unknown key", "did you mean `inputs`?"),
        ],
    ),
    (
        "dataset: inline\n",
        [],
        [
            ("c.yaml:1", "`dataset.inputs`", "missing"),
            ("c.yaml:1", "`dataset.targets`", "missing"),
        ],
    ),
    (
        "dataset: xor\narchitecture: [0, 4, {units: -1, activation: tnh}]\n",
        ["epochs=0"],
        [
            ("c.yaml:2", "`architecture.0", "got 0"),
            ("c.yaml:2", "`architecture.2.activation`", "tanh"),
            ("c.yaml:2", "`architecture.2.units`", "-1"),
            ("command line, epochs=0", "`epochs`"),
        ],
    ),
]

CASES = UNKNOWN_KEYS + NAMES + TYPES + RANGES + TOGETHER

# (rows of the file below `name: inline`, the problem): the first of them is line 3 of the file.
INLINE: list[tuple[str, Problem]] = [
    (
        "inputs:\n  - [0, 1]\n  - [1]\n  targets: [0, 1]",
        ("c.yaml:5", "`dataset.inputs.1`", "2 numbers", "[1]"),
    ),
    ("inputs: [[0], [1, 2]]\n  targets: [0, 1]", ("c.yaml:3", "`dataset.inputs.1`", "[1, 2]")),
    (
        "inputs:\n  - [0, 1]\n  - [1, x]\n  targets: [0, 1]",
        ("c.yaml:5", "`dataset.inputs.1.1`", "number", '"x"'),
    ),
    ("inputs: [[true], [2]]\n  targets: [0, 1]", ("c.yaml:3", "`dataset.inputs.0.0`", "true")),
    ("inputs: [[1], [null]]\n  targets: [0, 1]", ("c.yaml:3", "`dataset.inputs.1.0`", "null")),
    ("inputs: [[.nan], [2]]\n  targets: [0, 1]", ("c.yaml:3", "`dataset.inputs.0.0`", "finite")),
    ("inputs: [[1], [-.inf]]\n  targets: [0, 1]", ("c.yaml:3", "`dataset.inputs.1.0`", "finite")),
    (f"inputs: [[{HUGE}], [2]]\n  targets: [0, 1]", ("c.yaml:3", "`dataset.inputs.0.0`")),
    ("inputs: [[1], [[2]]]\n  targets: [0, 1]", ("c.yaml:3", "`dataset.inputs.1.0`", "number")),
    ("inputs: [0]\n  targets: [0]", ("c.yaml:3", "`dataset.inputs.0`", "list")),
    ("inputs: [[0], 1]\n  targets: [0, 1]", ("c.yaml:3", "`dataset.inputs.1`", "list")),
    ("inputs: 5\n  targets: [0, 1]", ("c.yaml:3", "`dataset.inputs`", "list", "5")),
    ("inputs: []\n  targets: [0]", ("c.yaml:3", "`dataset.inputs`", "at least one row")),
    ("inputs: [[]]\n  targets: [0]", ("c.yaml:3", "`dataset.inputs.0`", "at least one number")),
    ("inputs: [[1]]\n  targets: 5", ("c.yaml:4", "`dataset.targets`", "list", "5")),
    ("inputs: [[1], [2]]\n  targets: [0]", ("c.yaml:4", "`dataset.targets`", "2 rows", "1")),
    ("inputs: [[1]]\n  targets: []", ("c.yaml:4", "`dataset.targets`")),
    (
        "inputs: [[1], [2]]\n  targets: [0, 1, 1]",
        ("c.yaml:4", "`dataset.targets`", "2 rows", "3"),
    ),
    ("inputs: [[1], [2]]\n  targets: [1, a]", ("c.yaml:4", "`dataset.targets.1`", '"a"')),
    ("inputs: [[1], [2]]\n  targets: [a, true]", ("c.yaml:4", "`dataset.targets.1`", "true")),
    ("inputs: [[1], [2]]\n  targets: [1, true]", ("c.yaml:4", "`dataset.targets.1`", "true")),
    ("inputs: [[1], [2]]\n  targets: [a, null]", ("c.yaml:4", "`dataset.targets.1`", "null")),
    ("inputs: [[1], [2]]\n  targets: [1, .nan]", ("c.yaml:4", "`dataset.targets.1`", "nan")),
    ("inputs: [[1], [2]]\n  targets: [1, {a: 1}]", ("c.yaml:4", "`dataset.targets.1`")),
    ("inputs: [[1], [2]]\n  targets: [[1], 2]", ("c.yaml:4", "`dataset.targets.1`", "list")),
    ("inputs: [[1], [2]]\n  targets: [[1], [1, 2]]", ("c.yaml:4", "`dataset.targets.1`")),
    ("inputs: [[1], [2]]\n  targets: [[1], [a]]", ("c.yaml:4", "`dataset.targets.1`", '"a"')),
    (
        "inputs: [[1], [2]]\n  targets: [1, 2]\n  task: regresion",
        ("c.yaml:5", "`dataset.task`", "did you mean regression?", '"regresion"'),
    ),
    (
        "inputs: [[1], [2]]\n  targets: [1, b]\n  task: numbers",
        ("c.yaml:4", "`dataset.targets.1`", "number", '"b"'),
    ),
    (
        "inputs: [[1], [2]]\n  targets: [[1, 0], [2, 1]]\n  task: classes",
        ("c.yaml:4", "`dataset.targets`", "class"),
    ),
]


@pytest.mark.parametrize(
    ("text", "overrides", "expected"),
    CASES,
    ids=[
        " ".join([text.removeprefix("dataset: xor\n").strip()[:60], *overrides])
        for text, overrides, _ in CASES
    ],
)
def test_a_mistake_is_explained(
    tmp_path: Path, text: str, overrides: list[str], expected: list[Problem]
) -> None:
    check(problems_of(tmp_path, text, *overrides), expected)


@pytest.mark.parametrize(
    ("rows", "expected"), INLINE, ids=[" ".join(rows.split())[:60] for rows, _ in INLINE]
)
def test_a_mistake_in_inline_data_is_explained(
    tmp_path: Path, rows: str, expected: Problem
) -> None:
    text = f"dataset:\n  name: inline\n  {rows}\nepochs: 1\n"

    check(problems_of(tmp_path, text), [expected])


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (
            "inputs: [[1], [2, x]]\n  targets: [[1], [a]]",
            [("c.yaml:3", "`dataset.inputs.1"), ("c.yaml:4", "`dataset.targets.1`")],
        ),
        (
            "inputs:\n  - [1, y]\n  - [2, x]\n  targets: [0, 1]",
            [("c.yaml:4", "`dataset.inputs.0.1`"), ("c.yaml:5", "`dataset.inputs.1.1`")],
        ),
    ],
)
def test_all_mistakes_in_inline_data_are_reported(
    tmp_path: Path, rows: str, expected: list[Problem]
) -> None:
    check(problems_of(tmp_path, f"dataset:\n  name: inline\n  {rows}\n"), expected)


def test_all_mistakes_are_reported_at_once_and_in_order(tmp_path: Path) -> None:
    text = """\
# a config with nothing right
dataset: xorr
architecture:
  - 0
  - {units: 3, activation: tnh}
activation: {name: elu, alpha: -1}
lerning_rate: 0.1
seed: 010
epochs: 0
epochs: 5
optimizer:
  name: sgd
  momentum: 2
  nestrov: true
loss: {name: huber, delta: .nan}
<<: {a: 1}
"""
    problems = problems_of(tmp_path, text)

    check(
        problems,
        [
            ("c.yaml:2", "`dataset`"),
            ("c.yaml:4", "`architecture.0"),
            ("c.yaml:5", "`architecture.1.activation`"),
            ("c.yaml:6", "`activation.alpha`"),
            ("c.yaml:7", "`lerning_rate`"),
            ("c.yaml:8", "010"),
            ("c.yaml:9", "`epochs`", "at least 1"),
            ("c.yaml:10", "`epochs`", "c.yaml:9"),
            ("c.yaml:13", "`optimizer.momentum`"),
            ("c.yaml:14", "`optimizer.nestrov`"),
            ("c.yaml:15", "`loss.delta`"),
            ("c.yaml:16", "<<"),
        ],
    )
    lines = [int(problem.split(":")[1]) for problem in problems]
    assert lines == sorted(lines)


@pytest.mark.parametrize("line", ["epochs: ''", "name: ''", "architecture: ['']", "activation: ''"])
def test_nothing_is_suggested_for_an_empty_text(tmp_path: Path, line: str) -> None:
    (problem,) = problems_of(tmp_path, f"dataset: xor\n{line}\n")

    assert "did you mean" not in problem


@pytest.mark.parametrize("line", ["activation: qqq", "zzz: 1", "epochs: many", "dtype: 32"])
def test_nothing_is_suggested_where_nothing_is_near(tmp_path: Path, line: str) -> None:
    (problem,) = problems_of(tmp_path, f"dataset: xor\n{line}\n")

    assert "did you mean" not in problem


def test_a_missing_file_is_a_config_error(tmp_path: Path) -> None:
    path = tmp_path / "none.yaml"

    with pytest.raises(ConfigError) as caught:
        load(path)

    (problem,) = map(str, caught.value.problems)
    assert problem.startswith(f"{path}: ")
    assert "No such file" in problem


def test_a_directory_is_a_config_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        load(tmp_path)

    (problem,) = map(str, caught.value.problems)
    assert problem.startswith(f"{tmp_path}: ")
    assert "directory" in problem.removeprefix(str(tmp_path))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_an_unreadable_file_is_a_config_error(tmp_path: Path) -> None:
    path = tmp_path / "c.yaml"
    path.write_text("dataset: xor\n")
    path.chmod(0)

    with pytest.raises(ConfigError) as caught:
        load(path)

    (problem,) = map(str, caught.value.problems)
    assert problem.startswith(f"{path}: ")


def test_the_path_in_a_message_is_the_one_that_was_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "configs").mkdir()
    (tmp_path / "configs" / "xor.yaml").write_text("dataset: xor\n\n\nepochs: 0\n")
    monkeypatch.chdir(tmp_path)

    with pytest.raises(ConfigError, match=r"^configs/xor\.yaml:4:1: `epochs` "):
        load(Path("configs/xor.yaml"))
