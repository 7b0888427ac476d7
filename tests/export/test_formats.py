"""Every format knows every operation, and says which one it does not know."""

from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any

import pytest

from nnscratch.errors import NNScratchError
from nnscratch.export import Format
from nnscratch.export.formats import Export, comment_text, refuse
from nnscratch.model.operation import ArgMax, Operation


def kinds(base: type[Operation] = Operation) -> Iterator[type[Operation]]:
    for kind in base.__subclasses__():
        yield kind
        yield from kinds(kind)


# Tests define operations too, which no format knows.
KINDS = [kind for kind in kinds() if kind.__module__.startswith("nnscratch.")]
# The function of each format that has an implementation for each class of operation.
DISPATCHING = {Format.PYTHON: "add", Format.JSON: "encode"}


@pytest.mark.parametrize("file_format", Format)
@pytest.mark.parametrize("kind", KINDS)
def test_every_operation_can_be_exported(kind: type[Operation], file_format: Format) -> None:
    name = DISPATCHING.get(file_format, "add")
    module = import_module(f"nnscratch.export.{file_format.value}_format")
    function: Any = getattr(module, name)
    known = function.dispatch(kind) is not function.dispatch(object)
    assert known, (
        f"nnscratch/export/{file_format}_format.py cannot export {kind.__name__}: add a function "
        f"there that is registered with @{name}.register, and a model with this operation to "
        "MODELS in tests/export/models.py, which compares what is exported with what is predicted"
    )


class Unheard(Operation):
    """What no format knows."""


@pytest.mark.parametrize("file_format", Format)
def test_an_operation_that_is_not_known_is_named_with_the_format(file_format: Format) -> None:
    name = DISPATCHING.get(file_format, "add")
    module = import_module(f"nnscratch.export.{file_format.value}_format")
    function: Callable[..., Any] = getattr(module, name)
    expected = f"the operation Unheard cannot be exported to {file_format.value}"
    with pytest.raises(NNScratchError, match=expected):
        function(Unheard(), None)


def test_the_error_names_the_file_to_edit() -> None:
    assert "nnscratch/export/python_format.py" in str(refuse(ArgMax(), "python"))


def test_a_comment_holds_nothing_that_could_end_it() -> None:
    assert comment_text('wine "2" */ \n\u2028é\\') == "wine ?2? ?? ????"
    assert comment_text("x" * 200, 20) == "x" * 17 + "..."


def test_an_export_has_notes_only_where_there_is_something_to_know() -> None:
    assert Export({".py": b""}).notes == ()
