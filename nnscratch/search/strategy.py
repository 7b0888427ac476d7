"""The strategy of a search: which trial trains next, given those that are done."""

from collections.abc import Collection

from nnscratch.config import Config
from nnscratch.search.halving import find_promotion, rungs
from nnscratch.search.ledger import Ledger
from nnscratch.search.samplers import create_sampler
from nnscratch.search.space import Space
from nnscratch.search.trial import Trial


class Strategy:
    """Decides by the seed and the results so far, in their order, and by nothing else.

    Args:
        config: With a search.

    Attributes:
        rungs: After how many epochs it is decided who trains on, and the last; 0 for one rung.
        skipped: The trials that need no training, as an earlier one has the same point.

    Raises:
        UsageError: The sampler is not installed.
    """

    def __init__(self, config: Config) -> None:
        assert config.search
        self._settings = config.search
        self._space = Space(config.search.space)
        self._sampler = create_sampler(config.search.sampler, self._space, config.seed)
        self._is_exhausted = False
        self.rungs = rungs(config.epochs) if config.search.prune else [0]
        self.skipped: list[Trial] = []

    def next_step(self, ledger: Ledger, busy: Collection[int]) -> tuple[Trial, int] | None:
        """Returns the trial to train next and its rung; None if there is none, or none for now.

        Args:
            ledger: The trials so far; a new one is added.
            busy: The numbers of the trials that are training.

        Raises:
            OSError: A new trial cannot be written.
        """
        for trial in ledger.trials:
            if trial.same_as is None and not trial.results and trial.number not in busy:
                return trial, 0
        if not ledger.trials:
            return ledger.begin({}), 0
        is_filling = self._is_filling(ledger)
        top = len(self.rungs) - 1
        promotion = find_promotion(ledger.own, top, busy, is_filling=is_filling)
        if promotion or not is_filling:
            return promotion
        new = self._suggest(ledger)
        return (new, 0) if new else self.next_step(ledger, busy)

    def _is_filling(self, ledger: Ledger) -> bool:
        return len(ledger.searched) < self._settings.trials and not self._is_exhausted

    def _suggest(self, ledger: Ledger) -> Trial | None:
        """Returns a new trial with a new point; None if there are no more."""
        while self._is_filling(ledger):
            tried = len(ledger.own)
            point = None
            if self._space.size(tried + 1) != tried:
                point = self._sampler.suggest(len(ledger.trials), ledger.observations())
            if point is None:
                self._is_exhausted = True
                return None
            trial = ledger.begin(point)
            if trial.same_as is None:
                return trial
            self.skipped.append(trial)
        return None
