"""Components by name: how `relu` or `{name: huber, delta: 2}` becomes an object, and back again.

Every component is a dataclass, so its constructor's fields are all that has to be written down; one
without arguments inherits that from its base.
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
    name = name_of(registry, spec)
    if not isinstance(spec, str | Mapping):
        return spec
    if name not in registry:
        raise ValueError(f"{name!r} is not one of {', '.join(registry)}.")
    arguments = {} if isinstance(spec, str) else {k: v for k, v in spec.items() if k != "name"}
    try:
        return registry[name](**arguments)
    except TypeError as error:
        raise ValueError(f"{name} does not take these arguments: {error}") from None


def name_of(registry: Mapping[str, type[T]], spec: Spec | T) -> Any:
    """Returns the name that `spec` goes by, which need not be in the registry.

    Raises:
        ValueError: It is a component of another kind than the registry's.
    """
    if isinstance(spec, str):
        return spec
    return spec.get("name") if isinstance(spec, Mapping) else describe(registry, spec)["name"]


def describe(registry: Mapping[str, type[T]], component: T) -> dict[str, Any]:
    """Returns the mapping from which `create` builds an equal component.

    Raises:
        ValueError: The component's class is not in the registry.
    """
    name = next((name for name, kind in registry.items() if kind is type(component)), None)
    if name is None:
        raise ValueError(f"{component!r} is not one of {', '.join(registry)}.")
    assert dataclasses.is_dataclass(component)
    arguments = {
        f.name: getattr(component, f.name) for f in dataclasses.fields(component) if f.init
    }
    return {"name": name, **arguments}
