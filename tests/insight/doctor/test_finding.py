"""A finding is data: what was found, what to do, and how serious it is."""

from nnscratch.insight.doctor.finding import Finding


def test_all_is_well_unless_a_finding_says_otherwise() -> None:
    finding = Finding("the classes are balanced")
    assert (finding.level, finding.remedy) == ("fine", "")
