"""The commands, found by the files in `commands`; a command imports its work when it is called."""

from importlib import import_module
from pkgutil import iter_modules
from typing import Annotated

import typer

import nnscratch
from nnscratch.cli import commands

# Rich's help takes as long to import as everything else that --help needs.
app = typer.Typer(
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_version(value: bool) -> None:
    if value:
        typer.echo(f"nnscratch {nnscratch.__version__}")
        raise typer.Exit


@app.callback()
def nnscratch_command(
    version: Annotated[
        bool,
        typer.Option(
            "--version", "-V", callback=_print_version, is_eager=True, help="Print the version."
        ),
    ] = False,
) -> None:
    """Train multi-layer perceptrons in plain NumPy, and see what happens inside.

    Start with: nnscratch train configs/xor.yaml
    """


def command_names() -> list[str]:
    """Returns the names of all commands, in alphabetical order."""
    return [module.name for module in iter_modules(commands.__path__)]


def _add_commands() -> None:
    """Adds the function in each file of `commands` that has the file's name."""
    modules = {name: import_module(f"{commands.__name__}.{name}") for name in command_names()}
    for name in sorted(modules, key=lambda name: int(modules[name].POSITION_IN_HELP)):
        app.command()(getattr(modules[name], name))


_add_commands()
