"""What bash, zsh, PowerShell and cmd all take to be the same command, as rules for one line."""

import re

# Outside of double quotes each of these means something to one of them: lists and arrays, patterns,
# redirections, separators, variables, comments, quotes and escapes.
_SPECIAL = {
    "'": "cmd keeps single quotes, and an apostrophe waits for another",
    ",": "PowerShell makes a list of what has commas",
    "[": "zsh looks for files",
    "]": "zsh looks for files",
    "*": "bash and zsh look for files",
    "?": "bash and zsh look for files",
    "(": "PowerShell and zsh evaluate it",
    ")": "PowerShell and zsh evaluate it",
    "{": "bash and PowerShell evaluate it",
    "}": "bash and PowerShell evaluate it",
    "<": "a redirection",
    ">": "a redirection",
    "|": "a pipe",
    ";": "the end of a command, but not in cmd",
    "&": "PowerShell before 7 has no &&, and & is something else",
    "#": "in an interactive zsh and in cmd a comment is an argument",
    "`": "PowerShell's escape",
    "\\": "an escape of bash and zsh, as at the end of a line",
    "^": "cmd's escape",
    "$": "a variable",
    "%": "a variable of cmd",
    "!": "bash's history",
    "~": "cmd knows no ~",
    "@": "PowerShell's splatting",
}
# Between double quotes they still mean something to one of the shells.
_SPECIAL_IN_QUOTES = "$`\\%"


def complaints(line: str) -> list[str]:
    """Returns why a command is not the same in all four shells; nothing if it is."""
    found = []
    if line.count('"') % 2:
        found.append("a double quote is not closed")
    for i, part in enumerate(line.split('"')):
        signs = _SPECIAL_IN_QUOTES if i % 2 else _SPECIAL
        found += [f"{sign}: {_SPECIAL[sign]}" for sign in signs if sign in part]
        if i % 2 and re.search(r"!(?!=)", part):
            found.append("!: bash's history, between double quotes too")
    for word in re.findall(r'(?:"[^"]*"|\S)+', line):
        if '"' in word and not re.fullmatch(r'"[^"]*"', word):
            found.append(f"{word}: only a whole argument is in quotes everywhere")
        if word.startswith(("=", "-=")):
            found.append(f"{word}: zsh looks for a program")
    return found
