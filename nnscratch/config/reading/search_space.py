"""The ranges of a search against the config that they vary: what may be chosen must be allowed.

A range is checked at its limits, and each choice, by the very rules that a config is checked by.
"""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from copy import deepcopy
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import chain, islice
from typing import Any

from pydantic import ValidationError

from nnscratch.config.config import Config
from nnscratch.config.contradictions import find_contradictions
from nnscratch.config.reading import overrides
from nnscratch.config.reading.document import Document, KeyPath, dotted, key_path
from nnscratch.config.reading.problems import find_problems
from nnscratch.config.settings.base import KEY_ALIASES
from nnscratch.config.settings.search import RangeSettings
from nnscratch.errors import ConfigError, Place, Problem

# What names or describes the search itself.
_FIXED = {"name", "preset", "search"}
# What says something of several networks only.
_OF_ENSEMBLES = {"ensemble", "own_validation"}
# More are not tried; what does not fit is then found by the trial that has it.
_MOST_PAIRS = 2000

Values = Mapping[str, Any]


def is_active(space: Mapping[str, RangeSettings], key: str, chosen: Values) -> bool:
    """Returns whether a range counts beside the values that other ranges have chosen."""
    for other, wanted in (space[key].when or {}).items():
        if other not in chosen or chosen[other] not in _as_list(wanted):
            return False
    return True


def in_order(space: Mapping[str, RangeSettings]) -> list[str]:
    """Returns the keys of a space: each after those that it depends on, and a part after its whole.

    Raises:
        ValueError: Ranges depend on each other.
    """
    done: list[str] = []
    left = sorted(space, key=lambda key: len(key_path(key)))
    while left:
        free = [key for key in left if not any(k in left for k in space[key].when or {})]
        if not free:
            raise ValueError(left[0])
        done.append(free[0])
        left.remove(free[0])
    return done


def as_written(config: Config) -> dict[str, Any]:
    """Returns what a config says as plain values, without the defaults, which other values change.

    One that was not read from a file is written in full.
    """
    return config._document.data or config.to_dict()  # noqa: SLF001 - of the same room


def with_values(config: Config, values: Values) -> Config:
    """Returns a config with other values in some of its settings, and without a search.

    What the config does not set takes the defaults that suit the new values.

    Raises:
        ConfigError: A value is not allowed, or does not fit the others.
    """
    document = _varied(config, values)
    try:
        return Config.model_validate(document.data)
    except ValidationError as error:
        raise ConfigError(find_problems(error, document)) from None


def find_space_problems(base: Config, data: object) -> Iterator[Problem]:
    """Yields what is wrong with the ranges of a search, each of which is valid by itself.

    Args:
        base: The config without the search, and with the places of both.
        data: The search as it is written; ranges that are not valid are left out.
    """
    written = data.get("space") if isinstance(data, dict) else None
    ranges: dict[str, RangeSettings] = {}
    for key, spread in written.items() if isinstance(written, dict) else ():
        with suppress(ValidationError):
            ranges[key] = RangeSettings.model_validate(spread)
    known = list(written) if isinstance(written, dict) else []
    is_pruned = isinstance(data, dict) and data.get("prune") is not None
    yield from _Space(base, ranges, known, is_pruned).problems()


@dataclass(frozen=True)
class _Space:
    """Ranges, and the config that they vary."""

    base: Config
    ranges: Mapping[str, RangeSettings]
    known: list[str]
    is_pruned: bool

    def problems(self) -> Iterator[Problem]:
        alone = {key: list(self._check_alone(key)) for key in self.ranges}
        sound = [key for key, found in alone.items() if not found]
        if len(sound) == len(self.known):
            try:
                in_order(self.ranges)
            except ValueError as error:
                rule = "depends on a range that depends on it"
                yield self._problem(str(error), ("when",), rule)
                return
        limits = [problem for key in sound for problem in self._check_limits(key)]
        yield from chain(*alone.values(), limits)
        if not limits and len(sound) == len(self.known):
            yield from self._check_pairs()

    def _check_alone(self, key: str) -> Iterator[Problem]:
        """Finds a range of something that cannot vary, and conditions that can never hold."""
        top = key.split(".", maxsplit=1)[0]
        if top in _FIXED:
            yield self._problem(key, (), "cannot vary")
        elif top in _OF_ENSEMBLES:
            rule = "cannot vary, as each trial trains one network"
            yield self._problem(key, (), rule, "outside of `search` it is for the best")
        elif top in KEY_ALIASES:
            yield self._problem(key, (), f"must be called `{KEY_ALIASES[top]}` here")
        elif self.is_pruned and key == "epochs":
            rule = "cannot vary with `prune`, which decides how many epochs a trial has"
            yield self._problem(key, (), rule)
        for other, wanted in (self.ranges[key].when or {}).items():
            at = ("when", other)
            if other not in self.known or other == key:
                near = get_close_matches(other, [k for k in self.known if k != key], n=1)
                remedy = f"did you mean `{near[0]}`?" if near else ""
                yield self._problem(key, at, "is no other range of the space", remedy)
            elif other in self.ranges and self.ranges[other].kind == "choice":
                choices = self.ranges[other].limits
                unknown = [value for value in _as_list(wanted) if value not in choices]
                if unknown:
                    rule = f"must be among the choices of `{other}`; got {unknown[0]}"
                    yield self._problem(key, at, rule)

    def _check_limits(self, key: str) -> Iterator[Problem]:
        """Finds the values of a range that the config could not have there."""
        own, seen = key_path(key), set()
        for i, value in enumerate(self.ranges[key].limits):
            for problem in self._find_in({**self._conditions(key), key: value}):
                at = key_path(problem.key) if problem.key else ()
                is_structural = problem.place is not None or "unknown key" in problem.rule
                if not (is_structural or at[: len(own)] == own or own[: len(at)] == at):
                    continue  # of a condition, which is checked by itself
                if problem.rule not in seen:
                    seen.add(problem.rule)
                    part = () if is_structural else (self.ranges[key].kind, i)
                    yield self._problem(key, part, problem.rule, problem.remedy)

    def _check_pairs(self) -> Iterator[Problem]:
        """Finds choices that do not fit what other ranges may be."""
        seen = set()
        choices = [key for key, spread in self.ranges.items() if spread.kind == "choice"]
        pairs = (
            (key, choice, other, value)
            for key in choices
            for choice in self.ranges[key].limits
            for other, spread in self.ranges.items()
            if other != key
            for value in spread.limits
        )
        for key, choice, other, value in islice(pairs, _MOST_PAIRS):
            needed = {**self._conditions(key), **self._conditions(other)}
            chosen = {**needed, key: choice, other: value}
            if needed.get(key, choice) != choice or needed.get(other, value) != value:
                continue
            alone = {**needed, other: value} if key not in needed else {}
            for problem in self._find_in(chosen):
                this = frozenset((key, other)), problem.rule
                if this in seen or problem in self._find_in(alone):
                    continue
                seen.add(this)
                rule = f"{problem.rule}, where `{key}` is {choice}"
                rule = rule if problem.key == other else f"`{problem.key}` {rule}"
                remedy = "a range that suits some choices only needs a `when`"
                yield self._problem(other, (), rule, remedy)

    def _conditions(self, key: str) -> dict[str, Any]:
        """Returns values with which a range counts."""
        chosen: dict[str, Any] = {}
        for other, wanted in (self.ranges[key].when or {}).items():
            chosen |= self._conditions(other) if other in self.ranges else {}
            chosen[other] = _as_list(wanted)[0]
        return chosen

    def _find_in(self, values: Values) -> list[Problem]:
        """Returns what is wrong with the config if it has these values."""
        document = Document()
        try:
            document = _varied(self.base, values)
            varied = Config.model_validate(document.data)
        except ConfigError as error:
            return list(error.problems)
        except ValidationError as error:
            return find_problems(error, document)
        before = {problem.rule for problem in find_contradictions(self.base)}
        return [problem for problem in find_contradictions(varied) if problem.rule not in before]

    def _problem(self, key: str, part: KeyPath, rule: str, remedy: str = "") -> Problem:
        """Returns a problem of a range, or of a part of it."""
        path = ("search", "space", key, *part)
        return Problem(rule, dotted(path), remedy, self.base.where(path))


def _as_list(wanted: Any) -> list[Any]:
    return wanted if isinstance(wanted, list) else [wanted]


def _varied(config: Config, values: Values) -> Document:
    """Returns the plain data of a config with other values.

    Raises:
        ConfigError: A value belongs to a part of something that has no parts.
    """
    document = Document(data=deepcopy(as_written(config)))
    document.data.pop("search", None)
    for key in sorted(values, key=lambda key: len(key_path(key))):
        place = Place("the search's space")
        overrides.set_value(document.data, key_path(key), deepcopy(values[key]), place)
    return document
