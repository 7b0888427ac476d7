"""Thousands of generated configs and overrides are accepted, or their mistakes explained.

There is never a traceback, and the answer comes at once.
"""

import math
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sklearn.datasets  # noqa: F401 - or the first config that needs it takes a second
import yaml
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from tests.conftest import ROOT, Command, messages

FEW = pytest.param(75, id="few")
MANY = pytest.param(600, id="many", marks=pytest.mark.slow)  # takes a minute in all
SECONDS = 1.0

NUMBERS = (
    st.integers()
    | st.integers(-3, 30)
    | st.floats()
    | st.floats(0, 1)
    | st.sampled_from([0, -0.0, 1e-320, 1e308, 10**9, 2**63, 10**40, math.nan, math.inf])
)
TEXTS = st.text(max_size=8) | st.sampled_from(
    ["", "auto", "full", "none", "xor", "sgd", "~", "1e3", "0x10", "../x", "/dev/full", "\0", "😀"]
)
SCALARS = st.none() | st.booleans() | NUMBERS | TEXTS
JUNK = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=8,
)


def named(names: str, **keys: Any) -> st.SearchStrategy[Any]:
    """One of some names, or a mapping with that name and some keys."""
    name = st.sampled_from(names.split())
    return name | st.fixed_dictionaries({"name": name}, optional={**keys})


SHARE = st.floats(0, 0.6)
ROWS = SHARE | st.integers(0, 10)
PARTS = {"validation": ROWS, "test": ROWS, "scaling": st.sampled_from(["minmax", "none", "auto"])}
ACTIVATION = named("linear relu leaky_relu elu gelu silu softplus sigmoid tanh", slope=SHARE)
UNITS = st.integers(1, 40)
DATASET = (
    named("and or not nand nor xor xnor", inputs=st.integers(1, 6), encoding=JUNK)
    | named("moons circles blobs spiral", samples=st.integers(10, 500), noise=SHARE, **PARTS)
    | named("digits iris wine breast_cancer diabetes", **PARTS)
    | named("mnist openml", data_name=TEXTS, data_id=NUMBERS, **PARTS)
    | named("csv npz idx", path=TEXTS, target=TEXTS | st.lists(TEXTS, max_size=2), **PARTS)
    | st.fixed_dictionaries(
        {
            "name": st.just("inline"),
            "inputs": st.lists(st.lists(NUMBERS, min_size=1, max_size=3), max_size=6),
            "targets": st.lists(SCALARS, max_size=6),
        },
        optional={"task": st.sampled_from(["auto", "classes", "numbers"]), **PARTS},
    )
)
# What each key may be; beside that it is anything in a third of all cases.
KEYS: dict[str, st.SearchStrategy[Any]] = {
    "dataset": DATASET,
    "architecture": st.lists(
        UNITS
        | st.fixed_dictionaries(
            {"units": UNITS},
            optional={"activation": ACTIVATION, "dropout": SHARE, "batch_norm": st.booleans()},
        ),
        max_size=4,
    ),
    "activation": ACTIVATION,
    "output_activation": named("auto linear sigmoid tanh softmax relu"),
    "loss": named(
        "auto binary_cross_entropy cross_entropy mse mae huber log_cosh hinge", delta=SHARE
    ),
    "dropout": SHARE,
    "batch_norm": st.booleans() | st.fixed_dictionaries({"momentum": SHARE, "epsilon": SHARE}),
    "label_smoothing": SHARE,
    "class_weight": st.just("balanced") | st.dictionaries(TEXTS, NUMBERS, max_size=3),
    "optimizer": named(
        "sgd adagrad rmsprop adam adamw nadam rprop lbfgs", momentum=SHARE, beta_1=SHARE
    ),
    "learning_rate": st.floats(1e-6, 10),
    "schedule": named(
        "constant step exponential cosine one_cycle reduce_on_plateau linear polynomial",
        warmup_epochs=NUMBERS,
        factor=SHARE,
        milestones=st.lists(NUMBERS, max_size=3),
    ),
    "batch_size": st.integers(1, 64) | st.just("full"),
    "epochs": st.integers(1, 10**6),
    "initializer": named("auto he_normal glorot_uniform lecun_normal normal zeros", scale=SHARE),
    "use_bias": st.booleans(),
    "dtype": st.sampled_from(["float32", "float64"]),
    "threads": st.integers(1, 4) | st.just("auto"),
    "seed": st.integers(0, 2**63 - 1),
    "l1": SHARE,
    "l2": SHARE,
    "clip_norm": SHARE,
    "max_norm": SHARE,
    "average": SHARE | st.fixed_dictionaries({"decay": SHARE}),
    "validate_every": st.integers(1, 10),
    "early_stopping": st.integers(1, 10)
    | st.fixed_dictionaries(
        {}, optional={"monitor": st.sampled_from(["loss", "val_loss"]), "min_delta": SHARE}
    ),
    "max_seconds": st.floats(0.1, 1e6),
    "checkpoint_seconds": st.floats(0, 1e6),
    "log_test": st.booleans(),
    "name": TEXTS,
}
UNKNOWN = st.sampled_from(["lr", "learning_rat", "optimiser", "Epochs", "0", "layers"]) | TEXTS


class Plain(yaml.SafeDumper):
    """Writes equal parts out, where PyYAML would write an anchor."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def yaml_text(value: Any, *, block: bool = False) -> str:
    # One line, as on a command line, unless it is a block.
    text = yaml.dump(
        value, Dumper=Plain, default_flow_style=not block, allow_unicode=True, width=10**6
    )
    return text.removesuffix("...\n").removesuffix("\n")


@st.composite
def configs(draw: st.DrawFn) -> str:
    """A config of which each key is given well, or badly, or not at all."""
    content = {} if draw(st.integers(0, 19)) == 0 else {"dataset": draw(DATASET)}
    badly = draw(st.sampled_from([0, 0, 1, 3]))  # of ten keys
    for key in draw(st.lists(st.sampled_from([*KEYS]), max_size=8, unique=True)):
        content[key] = draw(JUNK if draw(st.integers(0, 9)) < badly else KEYS[key])
    if draw(st.integers(0, 9)) < badly:
        content[draw(UNKNOWN)] = draw(JUNK)
    return yaml_text(content, block=draw(st.booleans()))


@st.composite
def overrides(draw: st.DrawFn) -> str:
    """KEY=VALUE, whose key may lead into a part and whose value may be anything."""
    if draw(st.integers(0, 9)) == 0:
        return draw(st.text(max_size=20))
    key = draw(st.sampled_from([*KEYS]) | UNKNOWN)
    value = draw(KEYS.get(key, JUNK) | JUNK)
    part = st.sampled_from(
        ["name", "units", "0", "1", "-1", "99", "momentum", "inputs", "samples", "patience", ""]
    )
    path = ".".join([key, *draw(st.lists(part, max_size=draw(st.sampled_from([0, 0, 1, 6]))))])
    return f"{path}={draw(st.text(max_size=10)) if draw(st.booleans()) else yaml_text(value)}"


@st.composite
def mutations(draw: st.DrawFn) -> str:
    """A shipped config with some of its lines lost, doubled, moved, cut or written over."""
    text = draw(st.sampled_from(sorted(ROOT.glob("configs/*.yaml")))).read_text("utf-8")
    lines = text.splitlines()
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(lines) - 1))
        line, other = lines[at], lines[draw(st.integers(0, len(lines) - 1))]
        cut = draw(st.integers(0, len(line)))
        piece = draw(FRAGMENTS | TEXTS)
        lines[at] = draw(
            st.sampled_from(
                [
                    *["", f"{line}\n{line}", f"{line}\n{other}", f"  {line}", line.strip()],
                    *[line[:cut], line[cut:], line[:cut] + piece + line[cut:]],
                    *[line.partition(":")[0] + ": " + piece, line[:cut] + piece],
                ]
            )
        )
    return "\n".join(lines)


FRAGMENTS = st.sampled_from(
    [
        *["dataset", ": ", "xor", "\n", "\n  ", "- ", "[", "]", "{", "}", ",", "#", "'", '"', "|"],
        *[">", "&a ", "*a", "<<: ", "? ", "!!python/object:os.system ", "!!int ", "---\n", "%YAML"],
        *[
            "\t",
            "\r",
            "\x85",
            "\u2028",
            "\ufeff",
            "=",
            "~",
            ".nan",
            "-.inf",
            "1_000",
            "0o17",
            "1:30",
        ],
        *["2001-01-01", "[" * 30, "{a: " * 30, "1" * 5000, "\\x", "epochs: ", "architecture: "],
    ]
)
DOCUMENTS = st.lists(FRAGMENTS | st.text(max_size=6), max_size=20).map("".join)


@pytest.fixture
def check(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, nnscratch: Command
) -> Callable[..., None]:
    """Runs a command and holds it to what every config may expect."""
    monkeypatch.setenv("SCIKIT_LEARN_DATA", str(tmp_path))  # where no data are
    (tmp_path / "configs").symlink_to(ROOT / "configs")
    monkeypatch.chdir(tmp_path)

    def run(text: str, *arguments: str) -> None:
        Path("mine.yaml").write_bytes(text.encode())
        began = time.process_time()
        code, out, err = nnscratch(*arguments)
        took = time.process_time() - began
        event(f"{arguments[0]}: exit {code}")
        assert code in (0, 2), err
        assert "Traceback" not in err
        assert "mistake in nnscratch" not in err, err
        assert took < SECONDS
        if code:
            assert all(line.startswith("error: ") for line in messages(err)), err
            assert err.startswith("error: "), err
        else:
            assert out

    return run


def many_times(examples: int, strategy: st.SearchStrategy[Any], test: Callable[..., None]) -> None:
    """Runs a test with that many generated arguments, always the same ones."""
    setting = settings(
        max_examples=examples,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    setting(given(strategy)(test))()


@pytest.mark.parametrize("examples", [FEW, MANY])
def test_a_generated_config_is_accepted_or_explained(
    examples: int, check: Callable[..., None]
) -> None:
    many_times(examples, configs(), lambda text: check(text, "validate", "mine.yaml"))


@pytest.mark.parametrize("examples", [FEW, MANY])
def test_generated_overrides_are_accepted_or_explained(
    examples: int, check: Callable[..., None]
) -> None:
    def test(case: tuple[str, list[str]]) -> None:
        text, changes = case
        # A change that looks like an option would be one.
        check(text, "show", "mine.yaml", "--", *changes)

    changes = st.lists(overrides(), max_size=4)
    many_times(examples, st.tuples(configs() | st.just("dataset: xor\n"), changes), test)


@pytest.mark.parametrize("examples", [FEW, MANY])
def test_a_mutated_config_is_accepted_or_explained(
    examples: int, check: Callable[..., None]
) -> None:
    many_times(examples, mutations(), lambda text: check(text, "validate", "mine.yaml"))


@pytest.mark.parametrize("examples", [FEW, MANY])
def test_random_text_is_accepted_or_explained(examples: int, check: Callable[..., None]) -> None:
    many_times(examples, DOCUMENTS, lambda text: check(text, "validate", "mine.yaml"))
