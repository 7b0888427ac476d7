"""The tests mirror the package: each module has a test file of its own, in the same room."""

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "nnscratch"
TESTS = ROOT / "tests"
WITHOUT_PROMISES = ("__init__.py", "__main__.py", "version.py")
# Modules whose tests are not there yet, as paths below the package. The list should be empty.
EXCEPTIONS: tuple[str, ...] = ()


def modules() -> set[str]:
    """Returns the modules that make promises, as paths below the package."""
    return {
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*.py")
        if path.name not in WITHOUT_PROMISES
    }


def path_of_test(module: str) -> Path:
    """Returns `tests/data/test_columns.py` for `data/columns.py`."""
    path = Path(module)
    return TESTS / path.parent / f"test_{path.name}"


def test_each_module_has_a_test_file() -> None:
    missing = sorted(m for m in modules() if m not in EXCEPTIONS and not path_of_test(m).is_file())
    listed = "\n".join(str(path_of_test(module).relative_to(ROOT)) for module in missing)
    assert not missing, f"{len(missing)} test files are missing:\n{listed}"


def test_no_exception_outlives_its_reason() -> None:
    outdated = [m for m in EXCEPTIONS if m not in modules() or path_of_test(m).is_file()]
    assert not outdated


def test_each_folder_of_tests_is_a_package() -> None:
    folders = {path.parent for path in TESTS.rglob("test_*.py")}
    assert not [folder for folder in folders if not (folder / "__init__.py").is_file()]


def test_each_story_is_listed_by_its_property() -> None:
    listed = set(re.findall(r"`(test_\w+)`", (TESTS / "stories" / "README.md").read_text("utf-8")))
    assert listed == {path.stem for path in (TESTS / "stories").glob("test_*.py")}
