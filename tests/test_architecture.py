"""The house holds: imports go down or back, nn/ stays pure, and nothing slow is imported early."""

import ast
import re
import subprocess
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from nnscratch.cli.app import command_names

PACKAGE = Path(__file__).parent.parent / "nnscratch"

# Lowest floor first; a room may import rooms of lower floors, and itself.
FLOORS = (
    ("errors", "version", "formatting", "autograd"),
    ("files", "nn"),
    ("data",),
    ("config",),
    ("runs",),
    ("model",),
    ("experiment",),
    ("training", "insight", "scaffold", "export", "estimators"),
    ("plots", "search"),
    ("cli",),
    ("__main__",),
)
# What a room may not import although it lies on a lower floor.
NEVERS = {"insight": {"training"}}
FILES = sorted(PACKAGE.rglob("*.py"))
OPTION = re.compile(r"(?<![\w-])--[a-z]")
NN_FILES = sorted((PACKAGE / "nn").rglob("*.py"))


def module_name(path: Path) -> str:
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


def imports(path: Path) -> set[str]:
    """Returns the modules that a file imports anywhere, as dotted names."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def allowed_rooms(room: str) -> set[str]:
    allowed = {room}
    for floor in FLOORS:
        if room in floor:
            return allowed - NEVERS.get(room, set())
        allowed |= set(floor)
    raise AssertionError(f"{room} has no floor")


@pytest.mark.parametrize("path", FILES, ids=module_name)
def test_imports_go_down_the_house(path: Path) -> None:
    name = module_name(path)
    if name == "nnscratch":
        return  # the front door offers all rooms, lazily: see the test of --help
    room = name.split(".")[1]
    rooms = {target.split(".")[1] for target in imports(path) if target.startswith("nnscratch.")}
    assert rooms <= allowed_rooms(room)


def test_figures_know_nothing_of_the_rest_of_plots() -> None:
    for path in (PACKAGE / "plots" / "figures").glob("*.py"):
        own = {target for target in imports(path) if target.startswith("nnscratch.plots.")}
        assert all(target.startswith("nnscratch.plots.figures") for target in own), path


def test_every_file_has_its_place() -> None:
    rooms = {module_name(path).split(".")[1] for path in FILES if module_name(path) != "nnscratch"}
    assert rooms == {room for floor in FLOORS for room in floor}


@pytest.mark.parametrize("path", NN_FILES, ids=module_name)
def test_nn_imports_only_itself_errors_numpy_and_the_standard_library(path: Path) -> None:
    for target in imports(path):
        top, _, rest = target.partition(".")
        if top == "nnscratch":
            assert rest.startswith(("nn.", "errors.")), target
        else:
            assert top == "numpy" or top in sys.stdlib_module_names, target


def test_the_files_of_nn_can_be_read_in_an_order_without_cycles() -> None:
    modules = {module_name(path): path for path in NN_FILES}
    # What is imported is a name in a module, or a module; imports for type checkers count too.
    uses = {
        module: {
            name
            for target in imports(path)
            for name in (target, target.rpartition(".")[0])
            if name in modules
        }
        for module, path in modules.items()
    }
    # A package that collects components imports each of its modules.
    for module, path in modules.items():
        if "import_modules(" in path.read_text() and path.name == "__init__.py":
            uses[module] |= {name for name in modules if name.startswith(f"{module}.")}
    order = list(TopologicalSorter(uses).static_order())  # raises CycleError
    assert set(order) == set(modules)


FORBIDDEN_CALLS = {
    *("print", "write", "input", "open", "exit", "_exit", "exec", "eval"),
    *(
        "save",
        "savez",
        "savetxt",
        "load",
        "loadtxt",
        "tofile",
        "fromfile",
        "read_text",
        "read_bytes",
    ),
}


def test_nn_never_prints_opens_or_exits() -> None:
    for path in NN_FILES:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                assert name not in FORBIDDEN_CALLS, f"{path} calls {name}"


def modules_after(*arguments: str, cwd: Path) -> set[str]:
    """Returns the modules in memory after a command ran in a new process."""
    script = (
        "import sys; from nnscratch.cli.main import main; code = main(sys.argv[1:]); "
        "print('MODULES', *sys.modules); sys.exit(code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments],
        capture_output=True,
        text=True,
        cwd=cwd,
        check=True,
    )
    return set(done.stdout.rpartition("MODULES")[2].split())


SLOW = {"numpy", "pydantic", "yaml", "rich", "matplotlib", "sklearn", "pandas", "threadpoolctl"}


@pytest.mark.parametrize("arguments", [["--help"], ["--version"]])
def test_help_imports_nothing_slow(arguments: list[str], tmp_path: Path) -> None:
    assert not modules_after(*arguments, cwd=tmp_path) & SLOW


@pytest.mark.parametrize("command", command_names())
def test_the_help_of_a_command_imports_no_numpy(command: str, tmp_path: Path) -> None:
    # Typer itself asks pydantic to convert arguments.
    assert not modules_after(command, "--help", cwd=tmp_path) & (SLOW - {"pydantic"})


def test_training_xor_imports_neither_scikit_learn_nor_pandas(tmp_path: Path) -> None:
    config = str(PACKAGE.parent / "configs" / "xor.yaml")
    modules = modules_after("train", config, cwd=tmp_path)
    assert "matplotlib" in modules  # it draws
    assert not modules & {"sklearn", "pandas", "scipy", "torch"}
    quick = modules_after("train", config, "--quiet", "--no-plots", cwd=tmp_path)
    assert not quick & {"sklearn", "pandas", "scipy", "matplotlib", "rich"}
    # A gate waits neither for tables nor for downloads.
    downloads = {"ssl", "http.client", "gzip", "urllib.request", "asyncio"}
    assert not quick & downloads
    script = "import sys, nnscratch.data; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, cwd=tmp_path, check=True
    )
    assert not set(done.stdout.split()) & {*downloads, "sklearn", "pandas", "pydantic"}


@pytest.mark.parametrize(
    "path", [path for path in FILES if PACKAGE / "cli" not in path.parents], ids=module_name
)
def test_only_the_command_line_names_its_options(path: Path) -> None:
    texts = [
        node.value
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    docstrings = {
        ast.get_docstring(node, clean=False)
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
    }
    options = [text for text in texts if text not in docstrings and OPTION.search(text)]
    assert not options


def test_no_file_is_long() -> None:
    assert not [path for path in FILES if len(path.read_text().splitlines()) > 250]


def test_nothing_is_unpickled_evaluated_or_drawn_with_pyplot() -> None:
    for path in FILES:
        targets = imports(path)
        assert not any(t.split(".")[0] in ("pickle", "marshal", "shelve") for t in targets), path
        assert not any("pyplot" in target for target in targets), path
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                assert node.func.id not in ("eval", "exec", "compile", "__import__"), path
