"""Random numbers are a function of seed, purpose and epoch alone."""

from itertools import product

import numpy as np

from nnscratch.nn.randomness import Purpose, generator


def test_each_seed_purpose_and_epoch_has_a_stream_of_its_own() -> None:
    keys = list(product((0, 1), Purpose, (0, 1, 2)))
    drawn = {tuple(generator(*key).integers(0, 2**60, 2).tolist()) for key in keys}
    assert len(drawn) == len(keys)


def test_the_same_arguments_draw_the_same_numbers() -> None:
    one, other = (generator(3, Purpose.SHUFFLE, 5).random(4) for _ in range(2))
    np.testing.assert_array_equal(one, other)


def test_the_numbers_of_purposes_stay_as_saved_runs_know_them() -> None:
    assert {purpose.name: int(purpose) for purpose in Purpose}.items() >= {
        "INITIALIZE": 0, "SHUFFLE": 1, "SPLIT": 2, "DATA": 3, "DROPOUT": 4,
    }.items()  # fmt: skip
