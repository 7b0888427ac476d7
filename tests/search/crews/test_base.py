"""What all crews have in common: they can be stopped."""

from nnscratch.search.crews.alone import Alone
from nnscratch.search.task import DataCache


def test_a_crew_remembers_that_it_is_to_stop() -> None:
    crew = Alone(DataCache())
    assert not crew.stopping
    crew.stop()
    assert crew.stopping
