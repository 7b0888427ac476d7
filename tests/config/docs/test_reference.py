"""The reference in Markdown: its lines and columns."""

from nnscratch.config.docs.reference import reference
from nnscratch.config.settings.base import COMPONENTS
from nnscratch.nn.registry import summary

PAGE = reference()


def test_every_activation_has_its_line() -> None:
    assert "- `selu`: ELU scaled so that deep networks" in PAGE
    assert "## activation: leaky_relu" in PAGE


def test_a_range_and_a_default_stand_in_their_columns() -> None:
    (line,) = (line for line in PAGE.splitlines() if line.startswith("| `history_size`"))
    cells = [cell.strip() for cell in line.split("|")]
    assert cells[2:5] == ["whole number", "`10`", "≥ 1, ≤ 1,000"]


def test_other_names_lead_to_the_name_here() -> None:
    assert "| `swish` | `silu` |" in PAGE
    assert "| `lr` | `learning_rate` |" in PAGE
    assert "| `numbers` | `regression` |" in PAGE


def test_every_component_says_in_one_line_what_it_does() -> None:
    lines = [summary(part) for registry in COMPONENTS.values() for part in registry.values()]
    assert all(line.endswith(".") and "\n" not in line for line in lines)
    assert "- `relu`: Keeps what is positive" in PAGE
    assert "- `xor`: True where an odd number of inputs is" in PAGE
