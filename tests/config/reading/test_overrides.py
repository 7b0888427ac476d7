"""KEY=VALUE from the command line: what it sets, what wins, and how its mistakes are named."""

from pathlib import Path
from typing import Any

import pytest

from nnscratch.config import load
from nnscratch.errors import ConfigError


def read(tmp_path: Path, text: str, *overrides: str) -> dict[str, Any]:
    path = tmp_path / "c.yaml"
    path.write_text(text)
    return load(path, overrides).to_dict()


def problems_of(tmp_path: Path, text: str, *overrides: str) -> tuple[str, ...]:
    with pytest.raises(ConfigError) as caught:
        read(tmp_path, text, *overrides)
    return tuple(map(str, caught.value.problems))


@pytest.mark.parametrize(
    ("override", "key", "expected"),
    [
        ("epochs=7", "epochs", 7),
        ("seed=0x10", "seed", 16),
        ("learning_rate=1e-3", "learning_rate", 0.001),
        ("use_bias=false", "use_bias", False),
        ("batch_size=full", "batch_size", "full"),
        ("activation=tanh", "activation", "tanh"),
        ('name="1e3"', "name", "1e3"),
        ("name=no", "name", "no"),
        ("architecture=[4, 3]", "architecture", [4, 3]),
        ("architecture=[]", "architecture", []),
        (
            "architecture=[4, {units: 3, activation: tanh}]",
            "architecture",
            [4, {"units": 3, "activation": "tanh"}],
        ),
        (
            "optimizer={name: sgd, momentum: 0.5}",
            "optimizer",
            {"name": "sgd", "momentum": 0.5, "nesterov": False},
        ),
        ("lr=0.25", "learning_rate", 0.25),
        ("loss=mse", "loss", "mean_squared_error"),
    ],
)
def test_the_value_is_yaml(tmp_path: Path, override: str, key: str, expected: object) -> None:
    value = read(tmp_path, "dataset: xor\n", override)[key]

    assert value == expected
    assert type(value) is type(expected)


@pytest.mark.parametrize(
    ("override", "key", "expected"),
    [
        ("epochs=7", "epochs", 7),
        ("learning_rate=0.5", "learning_rate", 0.5),
        ("architecture=[2]", "architecture", [2]),
    ],
)
def test_the_command_line_wins_over_the_file(
    tmp_path: Path, override: str, key: str, expected: object
) -> None:
    file = "dataset: xor\nepochs: 3\nlearning_rate: 0.1\narchitecture: [8, 8]\n"

    assert read(tmp_path, file, override) == {**read(tmp_path, file), key: expected}


@pytest.mark.parametrize(
    ("line", "override", "key", "expected"),
    [
        ("lr: 0.1", "learning_rate=0.5", "learning_rate", 0.5),
        ("learning_rate: 0.1", "lr=0.5", "learning_rate", 0.5),
        ("lr: 0.1", "lr=0.5", "learning_rate", 0.5),
        ("hidden_layers: [4]", "architecture=[5]", "architecture", [5]),
        ("hidden_layers: [4]", "architecture.0=5", "architecture", [5]),
        ("hidden_layers: [4]", "architecture.0.units=5", "architecture", [5]),
        ("hidden_layers: [4]", "hidden_layers.0.units=5", "architecture", [5]),
        ("architecture: [4]", "hidden_layers.0.units=5", "architecture", [5]),
    ],
)
def test_the_command_line_wins_whichever_name_of_a_key_is_used(
    tmp_path: Path, line: str, override: str, key: str, expected: object
) -> None:
    assert read(tmp_path, f"dataset: xor\n{line}\n", override)[key] == expected


@pytest.mark.parametrize(
    ("overrides", "key", "expected"),
    [
        (["epochs=5", "epochs=6"], "epochs", 6),
        (["architecture=[4, 5]", "architecture.1=7"], "architecture", [4, 7]),
        (["architecture.1=7", "architecture=[4, 5]"], "architecture", [4, 5]),
        (["dataset.inputs=3", "dataset=and"], "dataset", {"name": "and", "encoding": "binary"}),
        (["activation=elu", "activation.alpha=0.5"], "activation", {"name": "elu", "alpha": 0.5}),
        (["seed=1", "random_state=2"], "seed", 2),
    ],
)
def test_the_later_one_wins(
    tmp_path: Path, overrides: list[str], key: str, expected: object
) -> None:
    assert read(tmp_path, "dataset: xor\narchitecture: [1, 2]\n", *overrides)[key] == expected


@pytest.mark.parametrize(
    ("line", "override", "key", "expected"),
    [
        (
            "optimizer: {name: sgd, momentum: 0.5}",
            "optimizer.nesterov=true",
            "optimizer",
            {"name": "sgd", "momentum": 0.5, "nesterov": True},
        ),
        (
            "optimizer: {name: rmsprop, rho: 0.5}",
            "optimizer.rho=0.25",
            "optimizer",
            {"name": "rmsprop", "rho": 0.25, "epsilon": 1e-8},
        ),
        (
            "architecture: [{units: 4, activation: {name: elu, alpha: 0.5}}]",
            "architecture.0.activation.alpha=0.25",
            "architecture",
            [{"units": 4, "activation": {"name": "elu", "alpha": 0.25}}],
        ),
        ("architecture: [4, 5, 6]", "architecture.1=9", "architecture", [4, 9, 6]),
        ("architecture: [4, {units: 5}]", "architecture.1.units=9", "architecture", [4, 9]),
    ],
)
def test_a_dotted_key_sets_one_part_and_leaves_the_others(
    tmp_path: Path, line: str, override: str, key: str, expected: object
) -> None:
    assert read(tmp_path, f"dataset: xor\n{line}\n", override)[key] == expected


def test_a_number_inside_of_inline_data_can_be_set(tmp_path: Path) -> None:
    file = "dataset: {name: inline, inputs: [[0, 1], [2, 3]], targets: [a, b]}\n"

    dataset = read(tmp_path, file, "dataset.inputs.1.0=9", "dataset.targets.0=c")["dataset"]

    assert dataset["inputs"] == [[0, 1], [9, 3]]
    assert dataset["targets"] == ["c", "b"]


@pytest.mark.parametrize(
    ("line", "override", "key", "expected"),
    [
        (
            "optimizer: sgd",
            "optimizer.momentum=0.5",
            "optimizer",
            {"name": "sgd", "momentum": 0.5, "nesterov": False},
        ),
        ("activation: elu", "activation.alpha=0.5", "activation", {"name": "elu", "alpha": 0.5}),
        ("loss: huber", "loss.delta=2.5", "loss", {"name": "huber", "delta": 2.5}),
        (
            "architecture: [4, 5]",
            "architecture.1.activation=tanh",
            "architecture",
            [4, {"units": 5, "activation": "tanh"}],
        ),
        (
            "architecture: [{units: 4, activation: elu}]",
            "architecture.0.activation.alpha=0.5",
            "architecture",
            [{"units": 4, "activation": {"name": "elu", "alpha": 0.5}}],
        ),
    ],
)
def test_a_short_form_is_expanded_when_a_part_of_it_is_set(
    tmp_path: Path, line: str, override: str, key: str, expected: object
) -> None:
    assert read(tmp_path, f"dataset: xor\n{line}\n", override)[key] == expected


def test_the_short_form_of_the_data_set_is_expanded(tmp_path: Path) -> None:
    expected = {"name": "xor", "inputs": 3, "encoding": "binary"}

    assert read(tmp_path, "dataset: xor\n", "dataset.inputs=3")["dataset"] == expected


def test_a_part_of_the_default_optimizer_can_be_set(tmp_path: Path) -> None:
    expected = {"name": "adam", "beta_1": 0.5, "beta_2": 0.999, "epsilon": 1e-8}

    assert read(tmp_path, "dataset: xor\n", "optimizer.beta_1=0.5")["optimizer"] == expected


def test_an_override_can_give_what_the_file_lacks(tmp_path: Path) -> None:
    assert read(tmp_path, "epochs: 3\n", "dataset=nand")["dataset"]["name"] == "nand"


def test_an_override_fixes_a_mistake_of_the_file(tmp_path: Path) -> None:
    assert read(tmp_path, "dataset: xor\nepochs: many\n", "epochs=3")["epochs"] == 3


def test_only_the_first_equals_sign_parts_key_and_value(tmp_path: Path) -> None:
    file = "dataset: {name: inline, inputs: [[0], [1]], targets: [a, b]}\n"

    assert read(tmp_path, file, "dataset.targets.0=x=y")["dataset"]["targets"] == ["x=y", "b"]


@pytest.mark.parametrize("override", ["epochs", "", "=5", ".epochs=5", "epochs.=5", "a..b=5"])
def test_what_is_not_of_the_form_key_value_is_refused(tmp_path: Path, override: str) -> None:
    (problem,) = problems_of(tmp_path, "dataset: xor\n", override)

    assert problem.startswith(f"command line, {override}: ")
    assert "KEY=VALUE" in problem


@pytest.mark.parametrize(
    "override",
    [
        "architecture=[4",
        "optimizer={name: sgd, name: adam}",
        "epochs=010",
        "optimizer=&a sgd",
        "optimizer=*a",
        "optimizer=!!str sgd",
        "epochs=\t5",
        "name=\x00",
        'name="\\UFFFFFFFF"',
    ],
)
def test_a_value_that_is_no_strict_yaml_is_refused(tmp_path: Path, override: str) -> None:
    (problem,) = problems_of(tmp_path, "dataset: xor\n", override)

    assert problem.startswith(f"command line, {override.partition('=')[0]}=")


def test_a_value_of_several_documents_is_refused_in_one_line(tmp_path: Path) -> None:
    (problem,) = problems_of(tmp_path, "dataset: xor\n", "epochs=5\n---\n6")

    assert problem.startswith("command line, epochs=5")
    assert len(problem.splitlines()) == 1


@pytest.mark.parametrize(
    ("override", "fragment"),
    [
        ("epochs=0", "at least 1"),
        ("epochs=", "null"),
        ("epochs==5", "=5"),
        ("epochs=1.5", "1.5"),
        ("use_bias=no", "true or false"),
        ("learning_rate=fast", "fast"),
        ("activation=rellu", "did you mean relu"),
        ("epoch=5", "did you mean `epochs`"),
        ("optimizer.beta1=0.5", "did you mean `beta_1`"),
        ("optimizer.momentum=0.5", "`optimizer.momentum`"),
        ("architecture.0.unit=5", "did you mean `units`"),
        ("architecture.0.units=0", "`architecture.0.units`"),
        ("dataset.inputs=13", "`dataset.inputs`"),
    ],
)
def test_a_bad_value_or_key_is_named_with_its_override(
    tmp_path: Path, override: str, fragment: str
) -> None:
    file = "dataset: xor\narchitecture: [4]\noptimizer: {name: adam}\n"

    (problem,) = problems_of(tmp_path, file, override)

    assert problem.startswith(f"command line, {override}: ")
    assert fragment in problem


def test_what_replaces_a_part_of_the_file_has_no_line_there(tmp_path: Path) -> None:
    file = "dataset: xor\noptimizer:\n  name: sgd\n  momentum: 0.5\n"
    override = "optimizer={name: sgd, momentum: 2}"

    (problem,) = problems_of(tmp_path, file, override)

    assert problem.startswith(f"command line, {override}: ")


@pytest.mark.parametrize(
    "override", ["epochs.x=5", "seed.x=5", "dataset.inputs.x=3", "optimizer.beta_1.x=3"]
)
def test_a_part_of_what_has_no_parts_is_named_with_its_override(
    tmp_path: Path, override: str
) -> None:
    (problem,) = problems_of(tmp_path, "dataset: xor\nseed: 1\noptimizer: adam\n", override)

    assert problem.startswith(f"command line, {override}: ")


@pytest.mark.parametrize("item", ["2", "99", "-1", "first", "1" * 5000])
def test_an_item_that_the_list_does_not_have_is_refused(tmp_path: Path, item: str) -> None:
    (problem,) = problems_of(
        tmp_path, "dataset: xor\narchitecture: [4, 5]\n", f"architecture.{item}=7"
    )

    assert problem.startswith("command line, architecture.")


def test_a_long_override_is_named_in_short(tmp_path: Path) -> None:
    (problem,) = problems_of(tmp_path, "dataset: xor\n", f"seed={'9' * 3000}")

    assert problem.startswith("command line, seed=999")
    assert len(problem) < 500


def test_every_bad_override_is_reported(tmp_path: Path) -> None:
    first, second = problems_of(tmp_path, "dataset: xor\n", "epochs", "seed=1", "architecture=[")

    assert first.startswith("command line, epochs: ")
    assert second.startswith("command line, architecture=[")


def test_the_mistakes_of_file_and_command_line_are_reported_together(tmp_path: Path) -> None:
    problems = problems_of(tmp_path, "dataset: xor\nepochs: 0\n", "seed=-1", "batch_size=0")

    assert sorted(problem.rpartition(": `")[0] for problem in problems) == [
        f"{tmp_path / 'c.yaml'}:2:1",
        "command line, batch_size=0",
        "command line, seed=-1",
    ]
