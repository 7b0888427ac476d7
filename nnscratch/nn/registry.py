"""Components by name: how `relu` or `{name: huber, delta: 2}` becomes an object, and back again.

Every component is a dataclass, so its constructor's fields are all that has to be written down.
"""

import dataclasses
from collections.abc import Mapping
from typing import Any, TypeVar

T = TypeVar("T")
Spec = str | Mapping[str, Any]


def create(registry: Mapping[str, type[T]], spec: Spec | T) -> T:
    """Builds the component that `spec` names; a component of the registry is returned as it is.

    Args:
        registry: Classes by name.
        spec: A name, a mapping of `name` and the constructor's arguments, or a finished component.

    Raises:
        ValueError: The name or the component is not in the registry, or an argument is unknown.
    """
    if not isinstance(spec, str | Mapping):
        if type(spec) not in registry.values():
            raise ValueError(f"{spec!r} is not one of {', '.join(registry)}.")
        return spec
    arguments = {"name": spec} if isinstance(spec, str) else dict(spec)
    name = arguments.pop("name", None)
    if name not in registry:
        raise ValueError(f"{name!r} is not one of {', '.join(registry)}.")
    try:
        return registry[name](**arguments)
    except TypeError as error:
        raise ValueError(f"{name} does not take these arguments: {error}") from None


def describe(registry: Mapping[str, type[T]], component: T) -> dict[str, Any]:
    """Returns the mapping from which `create` builds an equal component."""
    name = next(name for name, kind in registry.items() if kind is type(component))
    assert dataclasses.is_dataclass(component)
    arguments = {
        f.name: getattr(component, f.name) for f in dataclasses.fields(component) if f.init
    }
    return {"name": name, **arguments}
