"""A copy of the package with one more file, to show that adding something needs no more."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.conftest import ROOT


def run_with_file(folder: Path, name: str, text: str, *arguments: str) -> str:
    """Returns what the command line prints in a folder, once its copy of the package has a file.

    Args:
        folder: Where the package is copied to, and where the command runs.
        name: The new file, below nnscratch/.
        text: Its content.
        arguments: Those of the command line.
    """
    copy = folder / "nnscratch"
    if not copy.exists():
        shutil.copytree(ROOT / "nnscratch", copy, ignore=shutil.ignore_patterns("__pycache__"))
    assert not (copy / name).exists() or (copy / name).read_text("utf-8") == text
    (copy / name).write_text(text, "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "nnscratch", *arguments],
        capture_output=True,
        text=True,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder)},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
