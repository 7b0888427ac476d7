"""Models: what weights.npz holds, what it predicts, and how good it is."""

from nnscratch.model.model import Model

__all__ = ["Model"]
