"""What decides a run's numbers beside its config: versions, BLAS and threads."""

import platform
from typing import Any

import numpy as np

from nnscratch.version import __version__


def describe() -> dict[str, Any]:
    """Returns the versions, the BLAS that NumPy multiplies with, and its number of threads."""
    from threadpoolctl import threadpool_info

    pools: list[dict[str, Any]] = threadpool_info()
    # Other packages bring a BLAS too, and the order in which they are listed is not fixed.
    own = [p for p in pools if p["user_api"] == "blas" and "numpy" in p["filepath"]]
    blas = next((p for p in [*own, *pools] if p["user_api"] == "blas"), {})
    return {
        "versions": {
            "nnscratch": __version__,
            "numpy": np.__version__,
            "python": platform.python_version(),
        },
        "blas": {key: blas.get(key) for key in ("internal_api", "version", "architecture")},
        "threads": blas.get("num_threads"),
        # platform.platform() would read through the interpreter for the version of the C library.
        "platform": f"{platform.system()} {platform.release()} {platform.machine()}",
    }
