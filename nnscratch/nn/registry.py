"""Components by name: how `relu` or `{name: huber, delta: 2}` becomes an object, and back again.

A component is a dataclass that says everything about itself: its name, what it does in the first
line of its docstring, and for each argument a `setting` with default, range and description. The
registries are collected from the classes, so adding a component means writing one class.
"""

import dataclasses
import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib import import_module
from numbers import Integral, Real
from pathlib import Path
from typing import Any, ClassVar, TypeVar, dataclass_transform

T = TypeVar("T")
C = TypeVar("C", bound="Component")
Spec = str | Mapping[str, Any]
# The default of a setting that must be given.
REQUIRED: Any = dataclasses.MISSING

_LIMITS: dict[str, tuple[Callable[[Any, Any], bool], str]] = {
    "gt": (operator.gt, "above"),
    "ge": (operator.ge, "at least"),
    "lt": (operator.lt, "below"),
    "le": (operator.le, "at most"),
}
# What a value must be an instance of where a setting is declared as one of these.
_KINDS: dict[Any, tuple[type, str]] = {
    float: (Real, "a number"),
    int: (Integral, "a whole number"),
    bool: (bool, "true or false"),
}


@dataclasses.dataclass(eq=False)
class Setting:
    """What is known about an argument of a component, as it was declared by `setting`."""

    description: str
    limits: Mapping[str, float]
    choices: tuple[str, ...]
    example: Any
    symbol: str


def setting(
    default: Any,
    description: str,
    *,
    choices: Sequence[str] = (),
    example: Any = None,
    symbol: str = "",
    **limits: float,
) -> Any:
    """Declares an argument of a component: a dataclass field that a config can set.

    Args:
        default: Its value unless given, or `REQUIRED`.
        description: What it does, in one line.
        choices: The only values it may have; any if empty.
        example: A value for the reference, where the default is not one to write down.
        symbol: What formulas call it.
        limits: Its range: `gt`, `ge`, `lt` and `le` for above, at least, below and at most, and
            `min_length` of a list.
    """
    assert limits.keys() <= {*_LIMITS, "min_length"}
    about = Setting(description, limits, tuple(choices), example, symbol)
    return dataclasses.field(default=default, metadata={"setting": about})


def settings_of(component: Any) -> dict[str, Setting]:
    """Returns the settings of a component or of its class, by name."""
    return {field.name: field.metadata["setting"] for field in fields_of(component)}


def fields_of(component: Any) -> "tuple[dataclasses.Field[Any], ...]":
    """Returns the dataclass fields of a component's settings; none, if it is no dataclass."""
    fields = dataclasses.fields(component) if dataclasses.is_dataclass(component) else ()
    return tuple(field for field in fields if "setting" in field.metadata)


@dataclass_transform()
def with_settings(component: type[C]) -> type[C]:
    """Makes a dataclass of a component's class: its settings are the arguments of its constructor.

    What `Component` itself does for all is left out: without that, importing takes twice as long.
    """
    return dataclasses.dataclass(eq=False, repr=False)(component)


class Component:
    """Something that a config calls by its name; `with_settings`, if it has any.

    Attributes:
        name: What it is called in a registry.
        aliases: Other names that people write for it.
    """

    name: ClassVar[str]
    aliases: ClassVar[tuple[str, ...]] = ()

    def __post_init__(self) -> None:
        """Raises ValueError where a setting is out of its range or does not fit the others."""
        broken = [*self._out_of_range(), *self.conflicts(self)]
        if broken:
            raise ValueError("; ".join(f"`{key}` {rule}" for key, rule in broken) + ".")

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and arguments_of(other) == arguments_of(self)

    def __hash__(self) -> int:
        return hash(type(self))

    def __repr__(self) -> str:
        arguments = (f"{name}={value!r}" for name, value in arguments_of(self).items())
        return f"{type(self).__name__}({', '.join(arguments)})"

    @staticmethod
    def conflicts(settings: Any) -> Iterator[tuple[str, str]]:  # noqa: ARG004 - there are none here
        """Yields each setting that does not fit the others, and the rule that it breaks.

        Args:
            settings: What has them as attributes, such as the component or a part of a config.
        """
        return iter(())

    @staticmethod
    def spell_out(given: Any) -> Any:
        """Returns what a config gives for the settings as they are meant, unless it is as given."""
        return given

    def _out_of_range(self) -> Iterator[tuple[str, str]]:
        for field in fields_of(self):
            key, about, value = field.name, field.metadata["setting"], getattr(self, field.name)
            kind, words = _KINDS.get(field.type, (object, ""))
            if not isinstance(value, kind):
                yield key, f"must be {words}; got {value!r}"
                continue
            for limit, (holds, words) in _LIMITS.items():
                bound = about.limits.get(limit)
                if bound is not None and value is not None and not holds(value, bound):
                    yield key, f"must be {words} {bound:g}; got {value!r}"
            if about.choices and value not in about.choices:
                yield key, f"must be one of {', '.join(about.choices)}; got {value!r}"


def summary(component: type) -> str:
    """Returns what a component does: the first line of its class's docstring."""
    return (component.__doc__ or "").partition("\n")[0]


def components(base: type[C]) -> dict[str, type[C]]:
    """Returns the classes below `base` that have a name of their own, each before those below it.

    They must be defined already; `import_modules` sees to that where they fill a package.
    """
    found: dict[str, type[C]] = {}
    for kind in _subclasses(base):
        if "name" in vars(kind):
            assert kind.name not in found, f"two components are called {kind.name}"
            found[kind.name] = kind
    return found


def owner_of_settings(component: type) -> type:
    """Returns the class that declares a component's settings, which may be one above it."""
    kinds = (kind for kind in component.__mro__ if "__dataclass_fields__" in vars(kind))
    return next(kinds, component)


def _subclasses(base: type[C]) -> Iterator[type[C]]:
    for kind in base.__subclasses__():
        yield kind
        yield from _subclasses(kind)


def import_modules(package: str, path: Sequence[str]) -> None:
    """Imports every module of a package, given its `__name__` and `__path__`."""
    for file in sorted(Path(path[0]).glob("[!_]*.py")):
        import_module(f"{package}.{file.stem}")


def create(registry: Mapping[str, type[T]], spec: Spec | T) -> T:
    """Builds the component that `spec` names; a component of the registry is returned as it is.

    Args:
        registry: Classes by name.
        spec: A name, a mapping of `name` and the constructor's arguments, or a finished component.

    Raises:
        ValueError: The name or the component is not in the registry, or an argument is unknown or
            out of its range.
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
    return {"name": name, **arguments_of(component)}


def arguments_of(component: Any) -> dict[str, Any]:
    """Returns the arguments of the constructor that built a component, by name."""
    fields = dataclasses.fields(component) if dataclasses.is_dataclass(component) else ()
    return {field.name: getattr(component, field.name) for field in fields}
