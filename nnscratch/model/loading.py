"""Loading whatever a weights file holds: a model or an ensemble."""

from pathlib import Path

from nnscratch.model.ensemble import Ensemble
from nnscratch.model.ensemble_file import is_ensemble, unpack_ensemble
from nnscratch.model.model import Model
from nnscratch.model.predictor import Predictor
from nnscratch.model.weights_file import reading, unpack


def load_model(path: str | Path) -> Predictor:
    """Reads a model or an ensemble from a .npz file that `save` wrote, or from a run directory.

    Raises:
        FileFormatError: The file is damaged, was edited, or does not describe a model.
        UsageError: There is no such file.
    """
    with reading(path) as (arrays, manifest):
        if not is_ensemble(manifest):
            return Model(*unpack(arrays, manifest))
        contents, features = unpack_ensemble(arrays, manifest)
        return Ensemble([Model(*unpack(*content)) for content in contents], features)
