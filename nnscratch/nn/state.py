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

    def restore(self, snapshot: Snapshot) -> None:
        """Restores a state.

        Raises:
            KeyError: Part of the state is missing.
            ValueError: An array has another shape or dtype.
        """
        numbers, arrays = snapshot
        for name in self.counters:
            setattr(self, name, numbers[name])
        for name, array in self.state.items():
            given = arrays[name]
            if (given.shape, given.dtype) != (array.shape, array.dtype):
                raise ValueError(
                    f"`{name}` must be {array.dtype} of shape {array.shape}; "
                    f"got {given.dtype} of shape {given.shape}."
                )
            array[:] = given
