"""`nnscratch validate`: every mistake of every config, before anything is trained."""

from pathlib import Path
from typing import Annotated

import typer


def validate(
    configs: Annotated[list[Path], typer.Argument(metavar="CONFIG...", help="YAML config files.")],
) -> None:
    """Check configs and say all that is wrong with them.

    Example: nnscratch validate configs/xor.yaml mine.yaml
    """
    from nnscratch.config import load
    from nnscratch.errors import ConfigError, DataError, UnavailableError
    from nnscratch.preparation import prepare

    problems: list[str] = []
    for path in configs:
        try:
            prepare(load(path), download=False)
        except ConfigError as error:
            problems += error.problems
        except UnavailableError as error:
            print(f"{path}: fine, as far as can be said without its data ({error})")
        except DataError as error:
            problems += str(error).splitlines()
        else:
            print(f"{path}: fine")
    if problems:
        raise ConfigError(problems)
