"""The lines that components say of themselves."""

from nnscratch.config.docs.components import list_components
from nnscratch.config.settings.base import COMPONENTS


def test_every_component_has_a_line_under_its_key() -> None:
    listed = list_components()
    assert listed.keys() == {"dataset", *COMPONENTS}
    assert listed["activation"]["relu"].startswith("Keeps what is positive")
    assert listed["dataset"]["xor"].startswith("True where an odd number of inputs is")
    for lines in listed.values():
        assert all(line.endswith(".") and "\n" not in line for line in lines.values())
