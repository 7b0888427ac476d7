"""A training that stops after any epoch and goes on later ends with the same bits.

And an epoch that is not finished leaves no trace.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
import pytest

from nnscratch.errors import DivergedError
from nnscratch.nn.network import Network
from nnscratch.nn.optimizers import OPTIMIZERS
from nnscratch.nn.optimizers.first_order import Adam
from nnscratch.nn.registry import create
from nnscratch.nn.state import Snapshot, Stateful
from nnscratch.nn.training.averaging import Average
from nnscratch.nn.training.epoch import EpochRecord
from nnscratch.nn.training.fit import fit
from nnscratch.nn.training.penalties import Penalty
from nnscratch.nn.training.schedules import SCHEDULES

EPOCHS, STEPS = 6, 5  # in an epoch, four of four rows and one of two
NUMBERS = np.random.default_rng(3)
ROWS = NUMBERS.normal(size=(18, 3))
LABELS = (ROWS[:, :1] * ROWS[:, 1:2] > 0).astype(float)
HELD_OUT = NUMBERS.normal(size=(7, 3)), NUMBERS.integers(0, 2, (7, 1)).astype(float)

Settings = dict[str, Any]


def of_optimizer(name: str, **arguments: Any) -> Settings:
    """Settings for an optimizer; its learning rate is one that changes weights much."""
    full = OPTIMIZERS[name].full_batch
    rate = {"sgd": 0.3, "adagrad": 0.3, "lbfgs": 1.0}.get(name, 0.05)
    return {
        "optimizer": {"name": name, **arguments},
        "learning_rate": rate,
        **({"batch_size": None} if full else {}),
    }


PLATEAU = {"name": "reduce_on_plateau", "patience": 1, "min_delta": 0.05}
CASES: dict[str, Settings] = {
    **{name: of_optimizer(name) for name in OPTIMIZERS},
    "momentum": of_optimizer("sgd", momentum=0.9),
    "nesterov": of_optimizer("sgd", momentum=0.9, nesterov=True),
    "lbfgs, one pair": of_optimizer("lbfgs", history_size=1),
    **{f"{name} schedule": {"schedule": {"name": name}} for name in SCHEDULES},
    **{
        f"{name} schedule, warm-up": {"schedule": {"name": name, "warmup_epochs": 2.5}}
        for name in SCHEDULES
    },
    "plateau that falls": {"schedule": PLATEAU},
    "plateau, rare validation": {"schedule": {**PLATEAU, "patience": 2}, "validate_every": 2},
    "plateau, warm-up": {"schedule": {**PLATEAU, "warmup_epochs": 1.5}},
    "dropout": {"network": {"dropout": 0.4}},
    "batch_norm": {"network": {"batch_norm": True}},
    "batch_norm and dropout": {"network": {"batch_norm": {"momentum": 0.7}, "dropout": 0.3}},
    "average": {"average": 0.9},
    "average of statistics": {"average": 0.7, "network": {"batch_norm": True}},
    "clip_norm": {"clip_norm": 0.05},
    "max_norm": {"max_norm": 0.8},
    "penalty": {"penalty": Penalty(0.01, 0.02)},
    "validate_every": {"validate_every": 4},
    "float32": {"network": {"dtype": "float32"}},
    "transform": {"transform": lambda rows: np.asarray(rows, np.float64) * 2},
    "all at once": {
        **of_optimizer("nadam"),
        "network": {"batch_norm": True, "dropout": 0.2, "dtype": "float32"},
        "schedule": PLATEAU,
        "average": 0.8,
        "clip_norm": 0.5,
        "max_norm": 2.0,
        "penalty": Penalty(0.001, 0.001),
        "validate_every": 2,
    },
}


class Training:
    """A network, and all that learns with it."""

    def __init__(self, settings: Settings, seed: int = 1) -> None:
        given: Settings = {
            "optimizer": "adam",
            "network": {},
            "average": None,
            "schedule": "constant",
        }
        rest = {"learning_rate": 0.05, "batch_size": 4, **given, **settings}
        shape = {"loss": "binary_cross_entropy", "dtype": "float64", **rest.pop("network")}
        self.network = Network(3, [6, 4], 1, activation="tanh", seed=seed, **shape)
        self.optimizer = create(OPTIMIZERS, rest.pop("optimizer"))
        spec = rest.pop("schedule")
        self.schedule = None if spec == "constant" else create(SCHEDULES, spec)
        decay = rest.pop("average")
        self.average = Average(decay) if decay else None
        self.rest = rest

    def go(self, after: int = 0) -> Iterator[EpochRecord]:
        return fit(
            self.network, ROWS, LABELS, optimizer=self.optimizer, average=self.average,
            schedule=self.schedule or "constant", validation=HELD_OUT, epochs=EPOCHS, after=after,
            **self.rest,
        )  # fmt: skip

    def parts(self) -> list[Stateful]:
        parts = [self.optimizer, self.schedule, getattr(self.schedule, "watch", None), self.average]
        return [part for part in parts if part is not None]

    def bits(self) -> list[bytes | str]:
        """Returns all that was learned, to be compared with `==`."""
        snapshots = [part.snapshot() for part in self.parts()]
        return [
            self.network.weights.tobytes(),
            *(json.dumps(numbers) for numbers, _ in snapshots),
            *(array.tobytes() for _, arrays in snapshots for array in arrays.values()),
        ]


def scores(records: list[EpochRecord]) -> list[str]:
    """Returns the records without the time they took; nan is equal to nan."""
    return [repr(record._replace(seconds=0)) for record in records]


def stop_after(training: Training, epochs: int) -> list[EpochRecord]:
    records = training.go()
    return [next(records) for _ in range(epochs)]


def on_disk(snapshot: Snapshot) -> Snapshot:
    """Returns what would come back from a file: numbers by way of JSON, arrays not to write to."""
    numbers, arrays = snapshot
    copies = {name: array.copy() for name, array in arrays.items()}
    for array in copies.values():
        array.setflags(write=False)
    return json.loads(json.dumps(numbers)), copies


def rebuild(stopped: Training, settings: Settings) -> Training:
    """Returns other objects that have begun otherwise and are then put into a training's state."""
    other = Training(settings, seed=99)
    other.optimizer.prepare(other.network.params.flat)
    if other.schedule:
        other.schedule.prepare()
    if other.average:
        other.average.prepare(other.network.weights)
    other.network.weights[:] = stopped.network.weights
    for part, old in zip(other.parts(), stopped.parts(), strict=True):
        part.restore(on_disk(old.snapshot()))
    return other


@pytest.mark.parametrize("restored", [False, True], ids=["same objects", "restored"])
@pytest.mark.parametrize("case", CASES)
def test_a_training_goes_on_with_the_same_bits_after_any_epoch(case: str, restored: bool) -> None:
    whole = Training(CASES[case])
    records = list(whole.go())
    for done in range(1, len(records) + 1):
        part = Training(CASES[case])
        first = stop_after(part, done)
        if restored:
            part = rebuild(part, CASES[case])
        assert scores([*first, *part.go(done)]) == scores(records)
        assert part.bits() == whole.bits()


def test_the_case_of_a_plateau_does_fall() -> None:
    rates = [record.learning_rate for record in Training(CASES["plateau that falls"]).go()]
    assert len(set(rates)) > 2


def test_nothing_is_left_to_do_after_all_epochs() -> None:
    training = Training({})
    list(training.go())
    before = training.bits()
    assert list(training.go(EPOCHS)) == []
    assert training.bits() == before


def test_training_from_the_beginning_forgets_what_was_learned_before() -> None:
    settings = CASES["all at once"]
    fresh, used = Training(settings), Training(settings)
    weights = used.network.weights.copy()
    list(used.go())
    used.network.weights[:] = weights
    assert scores(list(used.go())) == scores(list(fresh.go()))
    assert used.bits() == fresh.bits()


def test_a_snapshot_shares_no_memory_in_either_direction() -> None:
    training = Training({"average": 0.9})
    stop_after(training, 2)
    snapshot, before = training.optimizer.snapshot(), training.bits()
    for array in snapshot[1].values():
        array[:] = 1
    assert training.bits() == before
    training.optimizer.restore(snapshot)
    noted = {name: array.copy() for name, array in snapshot[1].items()}
    list(training.go(2))
    assert all((snapshot[1][name] == array).all() for name, array in noted.items())


def test_a_snapshot_that_does_not_fit_is_refused_by_name() -> None:
    adam = Adam()
    adam.prepare(np.zeros(4, np.float32))
    numbers, arrays = adam.snapshot()
    for array in (np.zeros(5, np.float32), np.zeros(4), np.zeros((4, 1), np.float32)):
        with pytest.raises(ValueError, match="square_sum"):
            adam.restore((numbers, {**arrays, "square_sum": array}))
    with pytest.raises(KeyError, match="square_sum"):
        adam.restore((numbers, {"gradient_sum": arrays["gradient_sum"]}))
    with pytest.raises(KeyError, match="steps"):
        adam.restore(({"finished": False}, arrays))


class Faulty:
    """A transform or metric that fails when it is called for the n-th time after `arm`."""

    def __init__(self, work: Callable[..., Any], fault: Callable[[Any], Any]) -> None:
        self.work, self.fault, self.left = work, fault, -1
        self.name = "accuracy"

    def arm(self, call: int) -> None:
        self.left = call

    def __call__(self, *arguments: Any) -> Any:
        result = self.work(*arguments)
        if self.left > 0:
            self.left -= 1
        # An error report computes a batch again, which must find the same.
        return self.fault(result) if self.left == 0 else result


def failing(kind: type[BaseException]) -> Callable[[Any], Any]:
    def fail(_: Any) -> Any:
        raise kind("on purpose")

    return fail


def as_float(rows: Any) -> np.ndarray:
    return np.array(rows, np.float32)


FAILING: Settings = {**CASES["all at once"], "validate_every": 1}
PLACES: Mapping[str, Callable[..., Any]] = {
    "transform": as_float,
    "metric": lambda logits, targets, _: float(np.mean((logits > 0) == (targets > 0.5))),
}


@pytest.mark.parametrize("kind", [RuntimeError, KeyboardInterrupt, MemoryError])
@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("optimizer", ["nadam", "adam", "rprop", "lbfgs"])
def test_an_epoch_that_fails_anywhere_leaves_all_as_it_was(
    optimizer: str, place: str, kind: type[BaseException]
) -> None:
    fault = Faulty(PLACES[place], failing(kind))
    settings = {**FAILING, **of_optimizer(optimizer), place: fault}
    if optimizer == "lbfgs":
        plain = {"schedule": "constant", "clip_norm": None, "max_norm": None}
        settings |= {**plain, "network": {"dtype": "float32"}}
    whole = Training(settings)
    records = list(whole.go())
    # The batches of an epoch, and then the rows held out.
    for call in range(1, (1 if "batch_size" in settings else STEPS) + 2):
        part = Training(settings)
        going = part.go()
        first = [next(going), next(going)]
        before = part.bits()
        fault.arm(call)
        with pytest.raises(kind, match="on purpose"):
            next(going)
        assert part.bits() == before
        fault.arm(-1)
        assert scores([*first, *part.go(2)]) == scores(records)
        assert part.bits() == whole.bits()


@pytest.mark.parametrize("value", [np.nan, np.inf])
@pytest.mark.parametrize("batch", range(1, STEPS + 1))
def test_a_divergence_leaves_all_as_it_was_and_names_its_step(batch: int, value: float) -> None:
    fault = Faulty(as_float, lambda rows: np.full_like(rows, value))
    training = Training({**FAILING, "transform": fault})
    going = training.go()
    next(going), next(going)
    before = training.bits()
    fault.arm(batch)
    with pytest.raises(DivergedError) as caught, np.errstate(all="ignore"):
        next(going)
    assert training.bits() == before
    assert (caught.value.epoch, caught.value.step) == (3, 2 * STEPS + batch)
    assert caught.value.layer == "dense_1"
    assert not np.isfinite(caught.value.gradient_norm)
