"""What each component of a config does, in one line, as its class says it."""

from nnscratch.config.settings.base import COMPONENTS
from nnscratch.data import DATASETS
from nnscratch.nn.registry import summary


def list_components() -> dict[str, dict[str, str]]:
    """Returns the lines by the key that a component belongs to, and by the component's name."""
    sources = {name: summary(source) for name, source in DATASETS.items()}
    parts = {
        key: {name: summary(component) for name, component in registry.items()}
        for key, registry in COMPONENTS.items()
    }
    return {"dataset": sources, **parts}
