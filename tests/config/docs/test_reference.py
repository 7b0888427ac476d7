"""The reference in Markdown: what stands on the page."""

from nnscratch.config.docs.reference import reference

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
