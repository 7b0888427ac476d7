"""What `doctor` finds in targets and columns, on data where it is known."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from nnscratch.data.dataset import Feature, ImageFormat
from nnscratch.experiment.experiment import Experiment
from nnscratch.insight.doctor.data_checks import check_columns, check_targets
from tests.insight.examining import about, inline, make, shipped


def classes(folder: Path, counts: dict[str, int], **settings: object) -> Experiment:
    """Returns an experiment with so many rows of each class."""
    targets = [name for name, count in counts.items() for _ in range(count)]
    return inline(folder, [[float(i)] for i in range(len(targets))], targets, **settings)


def table(folder: Path, text: str, **dataset: object) -> Experiment:
    (folder / "rows.csv").write_text(text)
    settings = {"name": "csv", "path": "rows.csv", "target": "y", "test": 0, **dataset}
    return make(folder, dataset=settings)


def test_equally_common_classes_are_fine(tmp_path: Path) -> None:
    (finding,) = check_targets(classes(tmp_path, {"a": 5, "b": 5, "c": 5}))
    assert finding.level == "fine"
    assert finding.what == "the 3 classes are equally common: 5 rows each"


def test_shares_that_differ_a_little_are_fine_and_named(tmp_path: Path) -> None:
    (finding,) = check_targets(classes(tmp_path, {"a": 15, "b": 5}))
    assert finding.level == "fine"
    assert "commonest, a, has 75.0%" in finding.what
    assert "rarest, b, 25.0%" in finding.what


def test_a_rare_class_is_worth_a_look_with_the_accuracy_that_is_worth_nothing(
    tmp_path: Path,
) -> None:
    # Of two classes each has a share of one half; 0.3 of that is 15 of 100 rows.
    (finding,) = check_targets(classes(tmp_path, {"ill": 14, "well": 86}))
    assert finding.level == "look"
    assert "class_weight: balanced" in finding.advice
    assert "always answering well is right in 86.0%" in finding.advice
    (fine,) = check_targets(classes(tmp_path, {"ill": 15, "well": 85}))
    assert fine.level == "fine"


def test_a_class_weight_makes_up_for_a_rare_class(tmp_path: Path) -> None:
    (finding,) = check_targets(classes(tmp_path, {"a": 5, "b": 95}, class_weight="balanced"))
    assert finding.level == "fine"
    assert "class_weight makes up for it" in finding.what


def test_a_loss_without_class_weights_is_named(tmp_path: Path) -> None:
    (finding,) = check_targets(classes(tmp_path, {"a": 5, "b": 95}, loss="hinge"))
    assert "under loss: auto" in finding.advice


def test_a_class_that_no_training_row_has_is_named() -> None:
    experiment = shipped("iris")
    dataset = experiment.dataset
    train = dataset.splits["train"]
    kept = train.targets != 1
    splits = {**dataset.splits, "train": replace(train, inputs=train.inputs[kept])}
    splits["train"] = replace(splits["train"], targets=train.targets[kept])
    findings = list(check_targets(replace(experiment, dataset=replace(dataset, splits=splits))))
    assert about("no row to train on is of versicolor", findings).level == "look"
    assert about("2 classes are equally common: 40 rows each", findings).level == "fine"


def test_numbers_are_described_by_arithmetic_done_by_hand(tmp_path: Path) -> None:
    (finding,) = check_targets(inline(tmp_path, [[1.0], [2.0]], [0.5, 3.5]))
    assert finding.what == (
        "the number to predict goes from 0.5 to 3.5, with a mean of 2 and a standard deviation of "
        "1.5"
    )


def test_a_number_that_never_changes_cannot_be_learnt(tmp_path: Path) -> None:
    (finding,) = check_targets(inline(tmp_path, [[1.0], [2.0]], [0.5, 0.5]))
    assert finding.level == "problem"
    assert "0.5 in all rows" in finding.what
    one, other = check_targets(inline(tmp_path, [[1.0], [2.0]], [[0.5, 1.5], [0.5, 2.5]]))
    assert (one.level, other.level) == ("look", "fine")


def test_labels_that_all_rows_have_are_named(tmp_path: Path) -> None:
    labels = [[1, 0, 1], [0, 0, 1], [1, 0, 1], [1, 1, 1]]
    rows = [[float(i)] for i in range(4)]
    findings = list(check_targets(inline(tmp_path, rows, labels, loss="binary_cross_entropy")))
    assert about("the same is said", findings).what.endswith("of the label 3")
    fine = about("3 labels", findings)
    assert "commonest, 3, is in 100.0%" in fine.what
    assert "rarest, 2, in 25.0%" in fine.what


def test_constant_columns_are_named_and_left_out_by_what_can_be_typed(tmp_path: Path) -> None:
    text = "id,x,same,my hole,y\n1,1,7,3,a\n2,2,7,,b\n3,3,7,3,a\n4,5,7,3,b\n"
    experiment = table(tmp_path, text, missing="impute", ignore=["id"])
    (finding,) = check_columns(experiment)
    assert finding.level == "look"
    assert finding.what.startswith("2 columns never change")
    assert finding.what.endswith("same, my hole")
    assert finding.advice == """leave them out: 'dataset.ignore=[id,same,"my hole"]'"""


def test_columns_that_never_change_are_not_called_copies_too(tmp_path: Path) -> None:
    (finding,) = check_columns(table(tmp_path, "x,s,t,y\n1,7,7,a\n2,7,7,b\n3,7,7,a\n"))
    assert finding.what.startswith("2 columns never change")


def test_columns_that_were_chosen_are_left_out_of_the_choice(tmp_path: Path) -> None:
    text = "x,same,y\n1,7,a\n2,7,b\n3,7,a\n4,7,b\n"
    (finding,) = check_columns(table(tmp_path, text, features=["x", "same"]))
    assert finding.advice == "leave it out of dataset.features"


def test_columns_that_repeat_another_are_named_with_it(tmp_path: Path) -> None:
    text = "x,z,copy,word,same_word,y\n-0.0,1,0,u,u,a\n2,5,2,v,v,b\n3,3,3,u,u,a\n4,5,4,v,v,b\n"
    (finding,) = check_columns(table(tmp_path, text))
    assert finding.level == "look"
    assert finding.what.endswith("copy = x, same_word = word")


def test_words_and_numbers_with_the_same_codes_are_no_copies(tmp_path: Path) -> None:
    text = "x,word,other,y\n0,u,p,a\n1,v,q,b\n0,u,p,a\n1,v,q,b\n"
    (finding,) = check_columns(table(tmp_path, text))
    assert finding.what == "3 columns: none is constant, and none repeats another"


def test_pixels_that_never_change_are_only_counted() -> None:
    (finding,) = check_columns(shipped("digits"))
    assert finding.level == "fine"
    assert finding.what.startswith("3 of 64 pixels never change")


def test_a_large_table_takes_no_longer_than_a_moment() -> None:
    experiment = shipped("iris")
    rng = np.random.default_rng(0)
    inputs = rng.integers(0, 256, (20_000, 784), np.uint8)
    inputs[:, 5] = 9
    split = replace(experiment.dataset.splits["train"], inputs=inputs)
    dataset = replace(
        experiment.dataset,
        splits={"train": split},
        features=tuple(Feature(f"pixel{i}") for i in range(784)),
        image=ImageFormat(28, 28, 255),
    )
    (finding,) = check_columns(replace(experiment, dataset=dataset))
    assert finding.what.startswith("1 of 784 pixels")


@pytest.mark.parametrize("name", ["xor", "iris", "diabetes", "moons", "digits", "csv", "not"])
def test_nothing_is_wrong_with_the_shipped_data(name: str) -> None:
    experiment = shipped(name)
    findings = [*check_targets(experiment), *check_columns(experiment)]
    assert {finding.level for finding in findings} == {"fine"}
