"""Shipped configs mutated at random are accepted or explained, and quickly."""

import random
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import sklearn.datasets

from nnscratch.config.reading.document import parse
from nnscratch.config.reading.yaml import dump
from nnscratch.errors import Place
from tests.conftest import ROOT, Command

CONFIGS = [path.read_text("utf-8") for path in sorted(ROOT.glob("configs/*.yaml"))]
# What takes a second to import is imported here.
LIBRARIES = pd, sklearn.datasets
SECONDS = 1.0
FEW = pytest.param(100, id="few")
# Takes two minutes.
MANY = pytest.param(5000, id="many", marks=pytest.mark.slow)
JUNK: list[Any] = [
    *[None, True, False, 0, 1, -1, 2**70, 0.5, 1e300, -0.0, float("nan"), float("inf")],
    *["", "xor", "auto", "null", "1e-3", "\0", "ä" * 70, "[", "a: b"],
    *[[], {}, [[]], {"name": "xor"}, {"name": None}, {"": 1}, [{"units": 1}], {"units": "x"}],
]


def mutate_bytes(random_: random.Random) -> bytes:
    """Returns a config with some bytes flipped, lost, doubled or added."""
    data = bytearray(random_.choice(CONFIGS).encode())
    for _ in range(random_.randint(1, 6)):
        at = random_.randrange(len(data))
        match random_.randrange(4):
            case 0:
                data[at] ^= 1 << random_.randrange(8)
            case 1:
                del data[at : at + random_.randint(1, 9)]
                data += b" "  # never empty
            case 2:
                data[at:at] = data[at : at + random_.randint(1, 9)]
            case _:
                data[at:at] = random_.randbytes(random_.randint(1, 3))
    return bytes(data)


def mutate_tree(random_: random.Random) -> bytes:
    """Returns a config with some of its values, keys and items replaced, lost, doubled or moved."""
    tree = parse(random_.choice(CONFIGS), Place("a config")).data
    for _ in range(random_.randint(1, 3)):
        place: Any = tree
        while True:
            keys = list(place) if isinstance(place, dict) else list(range(len(place)))
            if not keys:
                break
            key = random_.choice(keys)
            if isinstance(place[key], dict | list) and random_.random() < 0.6:
                place = place[key]
                continue
            _mutate(random_, place, key)
            break
    return dump(tree).encode("utf-8", "replace")


def _mutate(random_: random.Random, place: Any, key: Any) -> None:
    match random_.randrange(4):
        case 0:
            place[key] = random_.choice(JUNK)
        case 1:
            del place[key]
        case 2 if isinstance(place, dict):
            place[random_.choice(["epoch", "name", "units", "seed", str(key).upper()])] = place[key]
        case _:
            place[key] = [place[key], random_.choice(JUNK)]


@pytest.mark.parametrize("mutate", [mutate_bytes, mutate_tree])
@pytest.mark.parametrize("count", [FEW, MANY])
def test_a_mutated_config_is_accepted_or_explained(
    count: int,
    mutate: Callable[[random.Random], bytes],
    tmp_path: Path,
    nnscratch: Command,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SCIKIT_LEARN_DATA", str(tmp_path))  # where no data are
    (tmp_path / "configs").symlink_to(ROOT / "configs")
    monkeypatch.chdir(tmp_path)
    random_, codes = random.Random(0), Counter[int]()  # noqa: S311 - nothing secret
    for number in range(count):
        text = mutate(random_)
        Path("mine.yaml").write_bytes(text)
        began = time.process_time()
        code, out, err = nnscratch("validate", "mine.yaml")
        assert time.process_time() - began < SECONDS, (number, text)
        assert code in (0, 2), (number, text, err)
        assert "mistake in nnscratch" not in err, (number, text, err)
        assert out if code == 0 else err.startswith("error: "), (number, text)
        codes[code] += 1
    assert codes[0] + codes[2] == count
    assert min(codes[0], codes[2]) > count / 100, codes  # both ways are tried
