"""What a wrong command is answered: the mistake, what was probably meant, and where the help is."""

import re
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from typing import Any

import typer

# How an argument that takes settings is called in the help.
_SETTING = "KEY=VALUE"
# What pydantic says of a number that is none or out of bounds, and how it reads in a sentence.
_WORDS = {
    "Value error, ": "",
    "Input should be greater than or equal to ": "must be at least ",
    "Input should be less than or equal to ": "must be at most ",
    "Input should be a valid integer, unable to parse string as an integer": (
        "must be a whole number"
    ),
}


def usage_text(error: typer.TyperException, command: str = "nnscratch") -> str:
    """Returns the message of a mistake in a command.

    An option that is none may be a setting of the config, which goes without dashes.

    Args:
        error: The mistake.
        command: The command that was typed, for errors that do not say themselves.
    """
    context = getattr(error, "ctx", None)
    command = context.command_path if context else command
    option = getattr(error, "option_name", None)
    if option and hasattr(error, "possibilities"):
        near = _settings_near(option, context) or sorted(error.possibilities or ())
        hint = f" Did you mean {' or '.join(near)}?" if near else ""
        text = f"No such option: {option}.{hint}"
    else:
        text = re.sub(r"\n\s*", " ", error.format_message()).rstrip(".")
        for words, plainer in _WORDS.items():
            text = text.replace(words, plainer)
        text += "" if text.endswith("?") else "."
    return f"{text} See: {command} --help"


def _settings_near(option: str, context: Any) -> Sequence[str]:
    """Returns the setting that an option is called like, where the command takes settings."""
    arguments = context.command.params if context else ()
    if not any(_SETTING in (argument.metavar or "") for argument in arguments):
        return ()
    key = option.strip("-").replace("-", "_")
    settings = dict(_examples())
    # Short words are near to everything.
    near = [key] if key in settings else get_close_matches(key, settings, n=1, cutoff=0.8)
    return [settings[name] for name in near]


def _examples() -> Iterator[tuple[str, str]]:
    """Yields each key of a config, also as others call it, and a setting of it."""
    from nnscratch.config.docs.completions import completions
    from nnscratch.config.settings.base import KEY_ALIASES

    settings = {text.partition("=")[0]: text for text in completions("")}
    yield from settings.items()
    yield from ((alias, settings[key]) for alias, key in KEY_ALIASES.items() if key in settings)
