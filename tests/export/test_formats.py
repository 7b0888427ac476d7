"""Every format knows every operation, and says which one it does not know."""

from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest

from nnscratch.errors import NNScratchError
from nnscratch.export import Format
from nnscratch.export.formats import Export, comment_text, refuse
from nnscratch.export.html_format import is_known
from nnscratch.model.operation import ArgMax, Operation


def kinds(base: type[Operation] = Operation) -> Iterator[type[Operation]]:
    for kind in base.__subclasses__():
        yield kind
        yield from kinds(kind)


# Tests define operations too, which no format knows.
KINDS = [kind for kind in kinds() if kind.__module__.startswith("nnscratch.")]
# The function of each format that has an implementation for each class of operation.
DISPATCHING = {
    Format.PYTHON: "add",
    Format.C: "add",
    Format.ONNX: "add",
    Format.JSON: "encode",
}


def dispatching(file_format: Format) -> Any:
    module = import_module(f"nnscratch.export.{file_format.value}_format")
    return getattr(module, DISPATCHING[file_format])


@pytest.mark.parametrize("file_format", DISPATCHING)
@pytest.mark.parametrize("kind", KINDS)
def test_every_operation_can_be_exported(kind: type[Operation], file_format: Format) -> None:
    function = dispatching(file_format)
    known = function.dispatch(kind) is not function.dispatch(object)
    assert known, (
        f"nnscratch/export/{file_format}_format.py cannot export {kind.__name__}: add a function "
        f"there that is registered with @{DISPATCHING[file_format]}.register, and a model with "
        "this operation to MODELS in tests/export/models.py, which compares what is exported with "
        "what is predicted"
    )


@pytest.mark.parametrize("kind", KINDS)
def test_the_page_knows_every_operation(kind: type[Operation]) -> None:
    assert is_known(kind), (
        f"nnscratch/export/page/model.js cannot compute {kind.__name__}: add a method of this name "
        "to OPERATIONS there, which gets what json_format.py describes"
    )


def test_every_format_is_asked() -> None:
    assert {*DISPATCHING, Format.HTML} == set(Format)


class Unheard(Operation):
    """What no format knows."""


@pytest.mark.parametrize("file_format", DISPATCHING)
def test_an_operation_that_is_not_known_is_named_with_the_format(file_format: Format) -> None:
    expected = f"the operation Unheard cannot be exported to {file_format.value}"
    with pytest.raises(NNScratchError, match=expected):
        dispatching(file_format)(Unheard(), None)


def test_the_error_names_the_file_to_edit() -> None:
    assert "nnscratch/export/python_format.py" in str(refuse(ArgMax(), "python"))


def test_a_comment_holds_nothing_that_could_end_it() -> None:
    assert comment_text('wine "2" */ \n\u2028é\\') == "wine ?2? ?? ????"
    assert comment_text("x" * 200, 20) == "x" * 17 + "..."


def test_an_export_has_notes_only_where_there_is_something_to_know() -> None:
    assert Export({".py": b""}).notes == ()
