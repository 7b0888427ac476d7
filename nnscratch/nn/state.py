"""State that changes from step to step, apart from the weights: how it is saved and restored.

A training run whose state after an epoch is restored goes on as it did then.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar

from nnscratch.nn.parameters import Array

# The state of something at one moment: its numbers and its arrays, by name. A plain tuple, because
# each epoch takes one, and an epoch of XOR lasts a few microseconds.
Snapshot = tuple[dict[str, float], dict[str, Array]]

# Larger ones have no exact floating-point number.
_LARGEST_COUNT = 2**53


class Stateful:
    """Something that learns from step to step, or from epoch to epoch.

    `counters` names those of its attributes that are numbers and change; `state` are its arrays,
    which are changed in place.
    """

    counters: ClassVar[tuple[str, ...]] = ()
    state: Mapping[str, Array] = MappingProxyType({})

    def snapshot(self) -> Snapshot:
        """Returns a copy of the state."""
        numbers = {name: getattr(self, name) for name in self.counters}
        return numbers, {name: array.copy() for name, array in self.state.items()}

    def accepts(self, name: str, number: object) -> bool:
        """Returns whether a counter may have a value: a count, true or false, or a share of 1."""
        kind = type(getattr(self, name))
        if kind is bool or isinstance(number, bool) or not isinstance(number, int | float):
            return kind is bool and isinstance(number, bool)
        if kind is int:
            return isinstance(number, int) and 0 <= number <= _LARGEST_COUNT
        return 0 <= number <= 1

    def restore(self, snapshot: Snapshot) -> None:
        """Restores a state.

        Raises:
            KeyError: Part of the state is missing.
            ValueError: An array has another shape or dtype, or a number cannot be what it is.
        """
        numbers, arrays = snapshot
        for name in self.counters:
            if not self.accepts(name, numbers[name]):
                raise ValueError(f"`{name}` cannot be {numbers[name]!r}.")
            setattr(self, name, numbers[name])
        for name, array in self.state.items():
            given = arrays[name]
            if (given.shape, given.dtype) != (array.shape, array.dtype):
                raise ValueError(
                    f"`{name}` must be {array.dtype} of shape {array.shape}; "
                    f"got {given.dtype} of shape {given.shape}."
                )
            array[:] = given
