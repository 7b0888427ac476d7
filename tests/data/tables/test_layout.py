"""What a layout is unless the user says more."""

from nnscratch.data.tables import Layout


def test_a_header_is_expected_and_the_rest_is_found_out() -> None:
    assert Layout() == Layout(separator=None, encoding=None, header=True, names=())
