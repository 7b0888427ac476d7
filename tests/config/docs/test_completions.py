"""What a shell can complete."""

from nnscratch.config.docs.completions import completions


def test_keys_come_with_a_value() -> None:
    assert {"epochs=20", "optimizer=adam"} <= set(completions(""))


def test_the_parts_of_a_key_come_once_it_is_typed() -> None:
    parts = set(completions("optimizer."))
    assert "optimizer.momentum=0.0" in parts
    assert "optimizer.history_size=10" in parts


def test_names_come_after_the_equals_sign() -> None:
    assert {"activation=mish", "activation=elu"} <= set(completions("activation="))


def test_a_list_of_numbers_comes_as_all_shells_take_it() -> None:
    assert "architecture=128x32" in completions("")
