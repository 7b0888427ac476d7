"""A preset is laid under a config as it is read, and never under one that was written out."""

from pathlib import Path

import pytest

from nnscratch.config import Config, load
from nnscratch.config.presets import PRESETS, Preset, PresetPlace
from nnscratch.errors import ConfigError

PLAIN = {
    "architecture": [7, 5],
    "epochs": 33,
    "optimizer": {"name": "adamw", "weight_decay": 0.5},
    "average": 0.9,
}


@pytest.fixture(autouse=True)
def word(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A preset of a few plain values in the place of the real one, and an empty folder."""
    made = Preset("For tests.", PLAIN, dict.fromkeys(PLAIN, "for tests"))
    monkeypatch.setitem(PRESETS, "tabular", made)
    monkeypatch.chdir(tmp_path)


def read(text: str, *changes: str) -> Config:
    Path("c.yaml").write_text(f"dataset: iris\n{text}")
    return load("c.yaml", changes)


def test_what_the_config_does_not_give_is_the_presets() -> None:
    config = read("preset: tabular\nepochs: 4\n")
    assert [layer.units for layer in config.architecture] == [7, 5]
    assert config.epochs == 4
    assert config.optimizer.model_dump()["weight_decay"] == 0.5
    assert str(config.place_of("architecture")) == "preset tabular"
    assert str(config.place_of("epochs")) == "c.yaml:3:1"
    assert config.place_of("batch_size") is None


def test_without_a_preset_nothing_changes() -> None:
    assert read("") == Config.model_validate({"dataset": "iris", "name": "c"})
    assert read("preset: null\n") == read("")


def test_each_value_can_be_overridden_whole_or_in_part() -> None:
    assert read("preset: tabular\naverage: null\n").average is None
    assert read("optimizer: sgd\npreset: tabular\n").optimizer.name == "sgd"
    config = read("preset: tabular\n", "optimizer.beta_1=0.8", "architecture.0=9")
    assert config.optimizer.model_dump()["weight_decay"] == 0.5
    assert config.optimizer.model_dump()["beta_1"] == 0.8
    assert [layer.units for layer in config.architecture] == [9, 5]


def test_the_word_may_come_from_the_command_line_or_another_file() -> None:
    assert read("", "preset=tabular") == read("preset: tabular\n")
    assert read("", " preset = tabular") == read("preset: tabular\n")
    assert read("", "preset.name=tabular") == read("preset: tabular\n")
    assert read("preset: tabular\n", "preset=null", "epochs=2").average is None
    Path("base.yaml").write_text("preset: tabular\nepochs: 5\n")
    Path("mine.yaml").write_text("dataset: iris\naverage: 0.5\n")
    config = load("base.yaml", ["mine.yaml"])
    assert (config.epochs, config.average and config.average.decay) == (5, 0.5)


def test_a_config_that_was_written_out_stays_the_same_when_the_preset_changes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = read("preset: tabular\naverage: null\n")
    text = before.to_yaml()
    values = {"epochs": 5, "average": 0.5, "max_norm": 3.0, "optimizer": {"beta_1": 0.5}}
    monkeypatch.setitem(PRESETS, "tabular", Preset("Later.", values, {}))

    Path("saved.yaml").write_text(text)

    assert load("saved.yaml") == before
    assert before.to_dict()["preset"] == {"name": "tabular", "applied": True}
    assert load("saved.yaml", ["epochs=9"]).epochs == 9
    assert read("preset: tabular\n").max_norm == 3.0  # the later one is in force


def test_a_mistake_in_the_word_is_explained() -> None:
    for text in ("preset: tabullar\n", "preset: {name: tabullar}\n"):
        with pytest.raises(ConfigError, match="did you mean tabular"):
            read(text)
    for text in ("preset: 3\n", "preset: [tabular]\n", "preset: {applied: 2, name: tabular}\n"):
        with pytest.raises(ConfigError, match=r"c\.yaml:2"):
            read(text)


def test_what_does_not_fit_is_named_with_the_preset_as_its_place() -> None:
    from nnscratch.config.contradictions import find_contradictions

    config = read("preset: tabular\n", "optimizer=lbfgs", "schedule=cosine")
    (problem,) = find_contradictions(config)
    assert problem.key == "schedule"
    assert isinstance(config.place_of("epochs"), PresetPlace)
    with pytest.raises(ConfigError, match="preset tabular: `epochs` is bad"):
        raise config.error(problem.__class__("is bad", "epochs"))
