"""Cells: where a small plot begins and ends."""

from nnscratch.plots.figures.cell import Cell

CELL = Cell(left=2.0, bottom=1.0, width=4.0, height=0.5)


def test_a_cell_has_edges_and_corners() -> None:
    assert CELL.extent == (2, 6, 1, 1.5)
    assert CELL.outline == [(2, 1), (6, 1), (6, 1.5), (2, 1.5), (2, 1)]


def test_ranges_are_moved_into_it() -> None:
    scaling = CELL.scaling((-1.0, 1.0), (0.0, 10.0))
    places = scaling.transform([[-1.0, 0.0], [0.0, 5.0], [1.0, 10.0]])
    assert places.tolist() == [[2, 1], [4, 1.25], [6, 1.5]]
