"""KEY=VALUE from the command line: what it sets, what wins, and how its mistakes are named."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from nnscratch.config import Config, load
from nnscratch.errors import ConfigError
from tests.conftest import Command


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
        # Spellings that need no quotes, or fewer, in one shell or another.
        ("architecture=4,3", "architecture", [4, 3]),
        ("architecture=4, 3", "architecture", [4, 3]),
        ("architecture=4 3", "architecture", [4, 3]),
        ("architecture=4;3", "architecture", [4, 3]),
        ("architecture=4x3", "architecture", [4, 3]),
        ("architecture=4×3", "architecture", [4, 3]),
        ("architecture=128", "architecture", [128]),
        ("hidden_layers=16x8x4", "architecture", [16, 8, 4]),
        ("name=4x3", "name", "4x3"),
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


XOR = "dataset: xor\n"
NAMES = ("base.yaml", "mine.yaml", "third.yaml")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def merged(*texts: str, changes: tuple[str, ...] = ()) -> Config:
    """Returns what base.yaml, mine.yaml and third.yaml of these texts come to."""
    files = NAMES[: len(texts)]
    for name, text in zip(files, texts, strict=True):
        Path(name).write_text(text)
    return load(files[0], [*files[1:], *changes])


def problems_of_files(*texts: str, changes: tuple[str, ...] = ()) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        merged(*texts, changes=changes)
    assert all(len(str(problem).splitlines()) == 1 for problem in caught.value.problems)
    return list(map(str, caught.value.problems))


# The lower and the upper file, and one config that is equal to both together.
MERGED = [
    # other keys are added, the same one is replaced
    ("epochs: 3", "seed: 4", "{epochs: 3, seed: 4}"),
    ("epochs: 3\nseed: 4", "epochs: 5", "{epochs: 5, seed: 4}"),
    ("batch_size: 2", "batch_size: full", "{batch_size: full}"),
    ("clip_norm: 2", "clip_norm: null", "{}"),
    ("clip_norm: 2\nseed: 1", "clip_norm:", "{seed: 1}"),
    ("epochs: many", "epochs: 3", "{epochs: 3}"),
    # mappings of the same name are merged
    (
        "optimizer: {name: sgd, momentum: 0.5}",
        "optimizer: {name: sgd, nesterov: true}",
        "{optimizer: {name: sgd, momentum: 0.5, nesterov: true}}",
    ),
    (
        "optimizer:\n  name: sgd\n  momentum: 0.5\n",
        "optimizer:\n  momentum: 0.25\n",
        "{optimizer: {name: sgd, momentum: 0.25}}",
    ),
    (
        "optimizer: {beta_1: 0.5, beta_2: 0.9}",
        "optimizer: {beta_1: 0.25}",
        "{optimizer: {beta_1: 0.25, beta_2: 0.9}}",
    ),
    (
        "optimizer: {beta_1: 0.5}",  # of adam, which needs no name
        "optimizer: {name: adam, beta_2: 0.9}",
        "{optimizer: {name: adam, beta_1: 0.5, beta_2: 0.9}}",
    ),
    (
        "activation: {name: leakyrelu, negative_slope: 0.2}",
        "activation: {name: leaky_relu}",
        "{activation: {name: leaky_relu, negative_slope: 0.2}}",
    ),
    ("batch_norm: {momentum: 0.5}", "batch_norm: {epsilon: 0.01}",
     "{batch_norm: {momentum: 0.5, epsilon: 0.01}}"),
    ("class_weight: {a: 2, b: 3}", "class_weight: {b: 4}", "{class_weight: {a: 2, b: 4}}"),
    ("class_weight: {size: 2}", "class_weight: {name: 3}", "{class_weight: {size: 2, name: 3}}"),
    ("class_weight: {name: 2, size: 2}", "class_weight: {name: 3}",
     "{class_weight: {size: 2, name: 3}}"),
    # those of another name are replaced
    (
        "optimizer: {name: adam, beta_1: 0.5}",
        "optimizer: {name: sgd, momentum: 0.9}",
        "{optimizer: {name: sgd, momentum: 0.9}}",
    ),
    (
        "optimizer: {beta_1: 0.5}",
        "optimizer: {name: adamw, weight_decay: 0.1}",
        "{optimizer: {name: adamw, weight_decay: 0.1}}",
    ),
    ("loss: {name: huber, delta: 2}", "loss: {name: mse}", "{loss: mse}"),
    ("initializer: {name: normal, stddev: 2}", "initializer: zeros", "{initializer: zeros}"),
    # short forms below a mapping
    ("optimizer: sgd", "optimizer: {momentum: 0.9}", "{optimizer: {name: sgd, momentum: 0.9}}"),
    ("optimizer: sgd", "optimizer: {name: adam, beta_1: 0}", "{optimizer: {beta_1: 0}}"),
    ("activation: elu", "activation: {alpha: 0.5}", "{activation: {name: elu, alpha: 0.5}}"),
    ("loss: huber", "loss: {delta: 2}", "{loss: {name: huber, delta: 2}}"),
    ("schedule: cosine", "schedule: {warmup_epochs: 2}",
     "{schedule: {name: cosine, warmup_epochs: 2}}"),
    ("early_stopping: 7", "early_stopping: {monitor: loss}",
     "{early_stopping: {patience: 7, monitor: loss}}"),
    ("early_stopping: 7", "early_stopping: {patience: 8}", "{early_stopping: 8}"),
    ("average: 0.5", "average: {decay: 0.25}", "{average: 0.25}"),
    ("batch_norm: true", "batch_norm: {momentum: 0.5}", "{batch_norm: {momentum: 0.5}}"),
    ("class_weight: balanced", "class_weight: {b: 4}", "{class_weight: {b: 4}}"),
    ("early_stopping: null", "early_stopping: {monitor: loss}",
     "{early_stopping: {monitor: loss}}"),
    # and above one
    ("optimizer: {name: sgd, momentum: 0.5}", "optimizer: sgd", "{optimizer: sgd}"),
    ("early_stopping: {monitor: loss}", "early_stopping: 7", "{early_stopping: 7}"),
    ("early_stopping: {monitor: loss}", "early_stopping: null", "{}"),
    ("batch_norm: {momentum: 0.5}", "batch_norm: true", "{batch_norm: true}"),
    ("class_weight: {b: 4}", "class_weight: balanced", "{class_weight: balanced}"),
    # lists are replaced as a whole
    ("architecture: [4, 5, 6]", "architecture: [7]", "{architecture: [7]}"),
    ("architecture: [{units: 4, dropout: 0.5}, 3]", "architecture: [{units: 5}, 4]",
     "{architecture: [5, 4]}"),
    ("architecture: [4]", "architecture: []", "{architecture: []}"),
    # other names of a key
    ("lr: 0.5", "learning_rate: 0.25", "{learning_rate: 0.25}"),
    ("learning_rate: 0.5", "lr: 0.25", "{learning_rate: 0.25}"),
    ("lr: 0.5", "lr: 0.25", "{learning_rate: 0.25}"),
    ("hidden_layers: [4]", "architecture: [5]", "{architecture: [5]}"),
    ("optimiser: sgd", "optimizer: {momentum: 0.5}", "{optimizer: {name: sgd, momentum: 0.5}}"),
    ("optimizer: {name: sgd, momentum: 0.5}", "optimiser: {nesterov: true}",
     "{optimizer: {name: sgd, momentum: 0.5, nesterov: true}}"),
    # the data set is a part like any other
    ("dataset: {name: xor, inputs: 3}", "dataset: {encoding: bipolar}",
     "{dataset: {name: xor, inputs: 3, encoding: bipolar}}"),
    ("dataset: {name: xor, inputs: 3}", "dataset: and", "{dataset: and}"),
    ("dataset: xor", "dataset: {inputs: 3}", "{dataset: {name: xor, inputs: 3}}"),
    ("dataset: {name: iris, validation: 30}", "dataset: {name: wine, test: 20}",
     "{dataset: {name: wine, test: 20}}"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("lower", "upper", "same"), MERGED, ids=[f"{a} | {b}"[:70] for a, b, _ in MERGED]
)
def test_two_files_come_to_what_one_would_say(lower: str, upper: str, same: str) -> None:
    base = lower if "dataset:" in lower else f"{XOR}{lower}"
    Path("same.yaml").write_text(yaml.safe_dump({"dataset": "xor", **yaml.safe_load(same)}))
    expected = {**load("same.yaml").to_dict(), "name": "mine"}
    assert merged(base, upper).to_dict() == expected


def test_the_data_set_may_stand_in_either_file() -> None:
    assert merged("epochs: 3\n", XOR).dataset.name == "xor"
    assert merged(XOR, "epochs: 3\n").epochs == 3


@pytest.mark.parametrize(
    ("changes", "epochs", "momentum"),
    [
        ((), 3, 0.3),
        (("epochs=9",), 9, 0.3),
        (("epochs=9", "optimizer.momentum=0.9", "epochs=10"), 10, 0.9),
        (("optimizer={name: sgd}",), 3, 0.0),
    ],
)
def test_the_last_file_wins_over_earlier_ones_and_the_command_line_over_all(
    changes: tuple[str, ...], epochs: int, momentum: float
) -> None:
    base = f"{XOR}epochs: 1\nseed: 1\nlr: 0.1\noptimizer: {{name: sgd, momentum: 0.1}}\n"
    mine = "epochs: 2\nseed: 2\noptimizer: {momentum: 0.2}\n"
    third = "epochs: 3\noptimizer: {momentum: 0.3}\n"
    settings = merged(base, mine, third, changes=changes).to_dict()
    assert settings["epochs"] == epochs
    assert (settings["seed"], settings["learning_rate"]) == (2, 0.1)
    assert settings["optimizer"] == {"name": "sgd", "momentum": momentum, "nesterov": False}


def test_files_come_before_single_settings_in_any_order() -> None:
    expected = merged(f"{XOR}epochs: 1\n", "epochs: 2\nseed: 2\n", "seed: 3\n", changes=("lr=1",))
    for order in (
        ["lr=1", "mine.yaml", "third.yaml"],
        ["mine.yaml", "lr=1", "third.yaml"],
        ["lr=0.5", "mine.yaml", "lr=1", "third.yaml"],
    ):
        assert load("base.yaml", order) == expected
    assert load("base.yaml", ["epochs=7", "mine.yaml"]).epochs == 7
    assert load("base.yaml", ["third.yaml", "mine.yaml"]).seed == 2


def test_a_file_may_be_given_twice() -> None:
    once = merged(f"{XOR}epochs: 1\noptimizer: {{name: sgd, momentum: 0.5}}\n", "epochs: 2\n")
    assert load("base.yaml", ["mine.yaml", "mine.yaml"]) == once
    back = load("base.yaml", ["mine.yaml", "base.yaml"])
    assert back.to_dict() == load("base.yaml").to_dict()


def test_a_short_ending_is_one_too() -> None:
    Path("a.yml").write_text(XOR)
    Path("b.yml").write_text("epochs: 3\n")
    assert load("a.yml", ["b.yml"]).epochs == 3


@pytest.mark.parametrize(
    ("texts", "changes", "name"),
    [
        ((XOR, "seed: 1\n"), (), "mine"),
        ((XOR, "seed: 1\n", "seed: 2\n"), (), "third"),
        ((f"{XOR}name: lower\n", "seed: 1\n"), (), "lower"),
        ((f"{XOR}name: lower\n", "name: upper\n", "seed: 1\n"), (), "upper"),
        ((f"{XOR}name: lower\n", "name: upper\n"), ("name=top",), "top"),
    ],
)
def test_the_run_is_called_as_the_last_that_names_it(
    texts: tuple[str, ...], changes: tuple[str, ...], name: str
) -> None:
    assert merged(*texts, changes=changes).name == name


def test_training_takes_several_files_and_its_run_is_one(nnscratch: Command) -> None:
    merged(f"{XOR}epochs: 1\narchitecture: [4]\n", "epochs: 2\noptimizer: {beta_1: 0.5}\n")
    arguments = ["train", "base.yaml", "mine.yaml", "epochs=3", "--quiet", "--no-plots"]
    result = nnscratch(*arguments)
    assert (result.code, result.err) == (0, "")
    run = Path(result.out.strip())
    assert run.name.startswith("mine-")
    assert len((run / "metrics.csv").read_text().splitlines()) == 1 + 3
    expected = load("base.yaml", ["mine.yaml", "epochs=3"])
    again = load(run / "config.yaml")
    for key in ("epochs", "architecture", "optimizer", "name"):
        assert getattr(again, key) == getattr(expected, key)
    assert nnscratch("verify", run).code == 0


def test_show_prints_what_the_files_come_to(nnscratch: Command) -> None:
    merged(
        f"{XOR}epochs: 1\nlr: 0.5\n", "optimizer: sgd\nepochs: 2\n", "optimizer: {momentum: 0.5}"
    )
    result = nnscratch("show", *NAMES, "seed=7")
    assert (result.code, result.err) == (0, "")
    shown: dict[str, Any] = yaml.safe_load(result.out.partition("\nlayer")[0])
    assert (shown["epochs"], shown["learning_rate"], shown["seed"]) == (2, 0.5, 7)
    assert shown["optimizer"] == {"name": "sgd", "momentum": 0.5, "nesterov": False}
    assert shown["name"] == "third"


@pytest.mark.parametrize("value", ["4,a", "4,,3", "x", "4x", "true", "4 [3]", "", "4,true"])
def test_what_is_no_list_of_numbers_is_refused(tmp_path: Path, value: str) -> None:
    (problem,) = problems_of(tmp_path, "dataset: xor\n", f"architecture={value}")
    assert "`architecture` must be a list in brackets" in problem
    assert problem.endswith("; two layers of 4 units are [4, 4], on the command line also 4x4")


def test_targets_are_a_list_of_numbers_too(tmp_path: Path) -> None:
    text = "dataset: {name: inline, inputs: [[0], [1], [2]], targets: [0, 0, 0]}\n"
    for value in ("1,2.5,-1", "1 2.5 -1", "[1, 2.5, -1]"):
        assert read(tmp_path, text, f"dataset.targets={value}")["dataset"]["targets"] == [
            1,
            2.5,
            -1,
        ]


@pytest.mark.parametrize(
    ("given", "override", "expected"),
    [
        ("piecewise_linear", ".bins=8", {"name": "piecewise_linear", "bins": 8}),
        ("{name: piecewise_linear}", ".bins=8", {"name": "piecewise_linear", "bins": 8}),
        ("{waves: 4}", "=piecewise_linear", {"name": "piecewise_linear", "bins": 16}),
        ("true", ".size=2", {"name": "waves", "waves": 16, "size": 2, "sigma": 0.1}),
        ("waves", ".size=2", {"name": "waves", "waves": 16, "size": 2, "sigma": 0.1}),
        ("false", ".size=2", {"name": "waves", "waves": 16, "size": 2, "sigma": 0.1}),
    ],
)
def test_a_part_of_an_embedding_keeps_its_name(
    tmp_path: Path, given: str, override: str, expected: dict[str, Any]
) -> None:
    text = f"dataset: xor\nnumeric_embedding: {given}\n"
    found = read(tmp_path, text, f"numeric_embedding{override}")
    assert found["numeric_embedding"] == expected
