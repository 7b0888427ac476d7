"""Where an error of pydantic's is, in the data and in the models."""

from typing import Any, get_args, get_origin

from pydantic import BaseModel

from nnscratch.config.config import Config
from nnscratch.config.reading.document import KeyPath
from nnscratch.config.settings.base import SHORT_KEYS


class Missing:
    """Stands for a missing value, since None can be a value."""


def locate(location: tuple[int | str, ...], data: object) -> tuple[KeyPath, type[BaseModel] | None]:
    """Follows pydantic's location through the data and the models.

    Returns the path without the names of union members that pydantic puts in, and the model that
    the last key belongs to.
    """
    path: list[int | str] = []
    model: type[BaseModel] | None = Config
    annotation: Any = Config
    for part in location:
        models = _models(annotation)
        owner = next((m for m in models if part in m.model_fields), None)
        by_tag = next((m for m in models if part in _names(m)), None)
        # Of several models, one is chosen by its name, which may be that of a key in it.
        if by_tag and len(models) > 1:
            annotation = model = by_tag
        elif isinstance(part, int) or owner:
            annotation = owner.model_fields[str(part)].annotation if owner else annotation
            model = owner or model
            path.append(part)
        elif by_tag:
            annotation = model = by_tag
        elif isinstance(value_at(data, (*path, part)), Missing):
            continue  # the name of a union's member, such as constrained-int
        else:
            model = models[0] if models else None
            path.append(part)
    return tuple(path), model


def _models(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and get_origin(annotation) is None:
        return [annotation] if issubclass(annotation, BaseModel) else []
    return [model for part in get_args(annotation) for model in _models(part)]


def _names(model: type[BaseModel]) -> tuple[Any, ...]:
    if "name" not in model.model_fields:
        return ()
    annotation = model.model_fields["name"].annotation
    parts = get_args(annotation)
    return tuple(name for part in parts for name in (get_args(part) or (part,)))


def value_at(data: Any, path: KeyPath) -> Any:
    """Returns the value at `path`, seeing through short forms, or a `Missing`."""
    for part in path:
        in_list = isinstance(data, list) and isinstance(part, int) and part < len(data)
        if in_list or (isinstance(data, dict) and part in data):
            data = data[part]
        elif part in SHORT_KEYS.values() and not isinstance(data, dict | list):
            return data  # the short form
        else:
            return Missing()
    return data
