"""What each ingredient of a preset is worth: the preset without it."""

from collections.abc import Mapping

from benchmarks.tables.methods import Method, nnscratch

# The settings that take an ingredient out.
WITHOUT: Mapping[str, tuple[str, ...]] = {
    "embeddings of numbers": ("numeric_embedding=false",),
    "input scale": ("input_scale=false",),
    "rate factors": ("rate_factors=null", "learning_rate=0.003"),
    "selu and mish": ("activation=relu",),
    "dropout": ("dropout=0",),
    "cosine": ("schedule=constant",),
    "wide layers": ("architecture=[64,64]",),
    "60 epochs, 20": ("epochs=20",),
}


def ablations(preset: str) -> dict[str, Method]:
    """Returns the preset, and without each of its ingredients."""
    word = f"preset={preset}"
    without = {f"without {what}": nnscratch(word, *changes) for what, changes in WITHOUT.items()}
    return {preset: nnscratch(word), **without}
