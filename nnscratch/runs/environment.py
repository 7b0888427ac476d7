"""What affects a run's numbers besides its config: versions, BLAS and threads."""

import platform
from typing import Any, NamedTuple

import numpy as np

from nnscratch.version import __version__


class Environment(NamedTuple):
    """What a run was computed with; the names are those of run.json."""

    versions: dict[str, str]
    blas: dict[str, Any]
    """The library that NumPy multiplies matrices with."""
    threads: int | None
    """How many threads it computes with."""
    platform: str


def read_environment() -> Environment:
    """Returns what this process computes with."""
    from threadpoolctl import threadpool_info

    pools: list[dict[str, Any]] = threadpool_info()
    # Other packages bring a BLAS too, and the order in which they are listed is not fixed.
    own = [p for p in pools if p["user_api"] == "blas" and "numpy" in p["filepath"]]
    blas = next((p for p in [*own, *pools] if p["user_api"] == "blas"), {})
    return Environment(
        versions={
            "nnscratch": __version__,
            "numpy": np.__version__,
            "python": platform.python_version(),
        },
        blas={key: blas.get(key) for key in ("internal_api", "version", "architecture")},
        threads=blas.get("num_threads"),
        # platform.platform() would search the interpreter's file for the version of the C library.
        platform=f"{platform.system()} {platform.release()} {platform.machine()}",
    )
