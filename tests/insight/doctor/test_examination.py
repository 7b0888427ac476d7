"""The whole examination: good configs raise no alarm, for bad ones the cause is named."""

from pathlib import Path

import numpy as np
import pytest

from nnscratch.insight.doctor import Diagnosis, Finding, examine
from tests.conftest import ROOT
from tests.insight.doctor.support import find, inline, make, shipped, table_of

CONFIGS = [p.stem for p in sorted((ROOT / "configs").glob("*.yaml")) if "mnist" not in p.name]


@pytest.mark.parametrize("name", CONFIGS)
def test_no_shipped_config_raises_an_alarm(name: str) -> None:
    diagnosis = examine(shipped(name))
    assert {finding.level for finding in diagnosis.findings} == {"fine"}, diagnosis.findings


def test_findings_come_in_the_order_of_a_reader() -> None:
    said: list[str] = []
    diagnosis = examine(shipped("iris"), said.append)
    texts = [
        "classes are balanced", "4 columns", "no test row", "equal inputs",
        "baseline to beat", "loss before training", "16 units", "gradient reaches",
        "first step", "can be memorized",
    ]  # fmt: skip
    findings = zip(texts, diagnosis.findings, strict=True)
    assert all(text in finding.rule for text, finding in findings)
    assert [layer.name for layer in diagnosis.layers] == ["dense_1", "dense_2"]
    assert len(said) == 4
    assert not any(finding.remedy for finding in diagnosis.findings)


def test_what_is_not_fine_comes_with_advice() -> None:
    deep = "architecture=[16,16,16,16,16,16,16,16,16,16]"
    for changes in ([deep, "activation=sigmoid"], ["initializer=zeros"], ["learning_rate=1e-9"]):
        diagnosis = examine(shipped("iris", *changes))
        unsound = [finding for finding in diagnosis.findings if finding.level != "fine"]
        assert unsound
        assert all(finding.remedy for finding in unsound)


def test_only_one_finding_names_a_learning_rate_that_does_better() -> None:
    for rate in ("1e-6", "100"):
        step, batch = examine(shipped("iris", "optimizer=sgd", f"learning_rate={rate}")).findings[
            -2:
        ]
        assert step.remedy == "the next finding says what was tried"
        assert batch.remedy.startswith("learning_rate: 0.0")
    # At 3 the rows are memorized, and a smaller rate is advised only if it does better.
    step, batch = examine(shipped("iris", "optimizer=sgd", "learning_rate=3")).findings[-2:]
    assert step.level == ("look" if step.remedy else "fine")
    assert not batch.remedy


@pytest.mark.parametrize("rate", [5, 2])
def test_a_large_rate_that_learns_is_not_said_to_learn_nothing(rate: float) -> None:
    diagnosis = examine(shipped("xor", f"learning_rate={rate}"))
    assert not any("hardly fall" in finding.rule for finding in diagnosis.findings)
    step, batch = diagnosis.findings[-2:]
    assert (step.level, batch.level) == ("fine", "fine")
    assert "all the same, 4 rows are memorized, and no sooner with learning_rate: " in step.rule
    assert "4 rows can be memorized" in batch.rule


def test_a_doubtful_setting_is_a_finding() -> None:
    doubt = examine(shipped("iris", "epochs=1")).findings[0]
    assert (doubt.key, doubt.level) == ("epochs", "look")
    assert doubt.remedy == "leave the setting out to use its default"


def test_the_experiment_is_not_changed() -> None:
    experiment = shipped("iris", "batch_norm=true", "dropout=0.3", "activation=relu")
    network, fingerprint = experiment.model.network, experiment.dataset.fingerprint()
    weights, grads = network.weights.copy(), network.grads.flat.copy()
    examine(experiment)
    assert np.array_equal(network.weights, weights)
    assert np.array_equal(network.grads.flat, grads)
    assert experiment.dataset.fingerprint() == fingerprint
    assert network.draws


def test_the_same_is_found_twice() -> None:
    assert examine(shipped("iris")) == examine(shipped("iris"))


def test_where_the_loss_is_not_finite_nothing_is_compared() -> None:
    tall = ["initializer={name: normal, stddev: 1e30}", "activation=relu"]
    diagnosis = examine(shipped("iris", *tall))
    assert diagnosis.layers == ()
    assert diagnosis.findings[-1].level == "problem"


def test_one_training_row_is_worth_a_look_and_no_more(tmp_path: Path) -> None:
    diagnosis = examine(inline(tmp_path, [[1.0, 2.0]], [0.5], learning_rate=0.01))
    assert find("only 1 training row", diagnosis.findings).level == "look"
    assert diagnosis.count("problem") == 0


def test_missing_values_categories_labels_and_numbers_are_examined(tmp_path: Path) -> None:
    lines = [
        f"{i / 10},{'uv'[i % 3 == 0]},{i / 7:.4f},{-i},{int(i > 20)},{i % 2}" for i in range(50)
    ]
    lines[3] = f",{lines[3].partition(',')[2]}"
    (tmp_path / "rows.csv").write_text("\n".join(["x,word,a,b,c,d", *lines]))
    dataset = {"name": "csv", "path": "rows.csv", "missing": "impute", "validation": 0.2}
    numbers = {"target": ["a", "b"], "ignore": ["c", "d"]}
    labels = {"target": ["c", "d"], "ignore": ["a", "b"]}
    fast = {"learning_rate": 0.01, "dtype": "float64", "batch_size": "full"}
    diagnosis = examine(make(tmp_path, dataset=dataset | numbers, **fast))
    assert diagnosis.count("problem") == 0
    assert find("target b ranges from -49", diagnosis.findings).level == "fine"
    several = make(tmp_path, dataset=dataset | labels, loss="binary_cross_entropy", **fast)
    assert examine(several).count("problem") == 0


def test_levels_are_counted() -> None:
    diagnosis = Diagnosis((Finding("a", level="look"), Finding("b"), Finding("c", level="look")))
    assert [diagnosis.count(level) for level in ("fine", "look", "problem")] == [1, 2, 0]


EXTREMES: dict[str, tuple[float, float]] = {
    "huge targets": (1.0, 1e150),
    "denormal targets": (1.0, 1e-315),
    "huge inputs": (1e150, 1.0),
    "denormal inputs": (1e-315, 1.0),
    "constant targets": (1.0, 0.0),
    "constant inputs": (0.0, 1.0),
}


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("kind", ["numbers", "skewed numbers", "classes"])
@pytest.mark.parametrize("case", EXTREMES)
def test_numbers_near_the_limits_of_floats_raise_no_warning(
    case: str, kind: str, tmp_path: Path
) -> None:
    rng = np.random.default_rng(0)
    inputs, targets = EXTREMES[case]
    x = rng.normal(size=(120, 2))
    y = x @ [1, 2]
    kinds = {
        "numbers": y * targets,
        "skewed numbers": np.exp(y) * targets,
        "classes": np.where(y * targets > 0, "a", "b"),
    }
    columns = {"a": x[:, 0] * inputs, "b": x[:, 1] * inputs, "y": kinds[kind]}
    if kind == "classes" and not targets:
        columns["y"] = np.where(np.arange(120) < 119, "a", "b")
    task = "classification" if kind == "classes" else "regression"
    diagnosis = examine(table_of(tmp_path, columns, task=task, test=0.2))
    assert not any("nan" in finding.rule for finding in diagnosis.findings)
