"""What each ingredient of a preset is worth: the preset without it."""

from collections.abc import Mapping

from benchmarks.tables.methods import Method, nnscratch
from nnscratch.config.presets import PRESETS

# The settings that take an ingredient out, or put another one in its place, by what it is. The
# first one is of the key that makes it an ingredient.
WITHOUT: Mapping[str, tuple[str, ...]] = {
    "without pieces of numbers": ("numeric_embedding=false",),
    "waves instead of pieces": ("numeric_embedding=waves",),
    "without calibration": ("calibrate=false",),
    "without input scale": ("input_scale=false",),
    "without rate factors": ("rate_factors=null", "learning_rate=0.003"),
    "relu instead of mish": ("activation=relu",),
    "without dropout": ("dropout=0",),
    "without cosine": ("schedule=constant",),
    "one network": ("ensemble=1",),
    "[128, 128, 128]": ("architecture=[128,128,128]", "dropout=0.15"),
    "20 epochs": ("epochs=20",),
    "the same validation rows": ("own_validation=false",),
}


def ablations(preset: str) -> dict[str, Method]:
    """Returns the preset, and without each of its ingredients."""
    word = f"preset={preset}"
    keys = PRESETS[preset].values
    without = {
        name: nnscratch(word, *changes)
        for name, changes in WITHOUT.items()
        if changes[0].partition("=")[0] in keys
    }
    return {preset: nnscratch(word), **without}
