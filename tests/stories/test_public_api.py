"""The names that `import nnscratch` offers all exist and are all documented."""

import ast
import inspect

import pytest

import nnscratch


def test_all_names_resolve_and_are_listed() -> None:
    for name in nnscratch.__all__:
        assert getattr(nnscratch, name) is not None
        assert name in dir(nnscratch)


@pytest.mark.parametrize("name", nnscratch.__all__)
def test_every_public_name_and_method_has_a_docstring(name: str) -> None:
    thing = getattr(nnscratch, name)
    assert inspect.getdoc(thing)
    if inspect.isclass(thing):
        methods = inspect.getmembers(thing, callable)
        for method, function in methods:
            if not method.startswith("_"):
                assert inspect.getdoc(function), f"{name}.{method}"


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'Netwrok'"):
        nnscratch.Netwrok  # noqa: B018 - the point is the error


def test_type_checkers_are_told_the_same_names() -> None:
    (block,) = [n for n in ast.parse(inspect.getsource(nnscratch)).body if isinstance(n, ast.If)]
    imported = {a.asname for n in block.body if isinstance(n, ast.ImportFrom) for a in n.names}
    assert imported - {None} | {"load_config"} == {*nnscratch.__all__}
