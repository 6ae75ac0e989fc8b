"""Back and forward: what was opened stays, what was only followed gives way."""

from bpstudio.ui.origin.history import History


def test_numbers_that_were_opened_are_gone_through_like_pages() -> None:
    history = History()
    for address in ("s1/loss/C", "s1/x0", "seed"):
        history.open(address)
    assert history.current == "seed"
    assert not history.can_go_forward
    assert history.back() == "s1/x0"
    assert history.back() == "s1/loss/C"
    assert not history.can_go_back
    assert history.back() == "s1/loss/C"
    assert history.forward() == "s1/x0"


def test_opening_one_forgets_what_was_ahead() -> None:
    history = History()
    for address in ("a", "b", "c"):
        history.open(address)
    history.back()
    history.open("d")
    assert not history.can_go_forward
    assert history.back() == "b"


def test_stepping_on_leaves_one_entry_only() -> None:
    history = History()
    history.open("s1/x0")
    for step in ("s1/loss/j0/C_j", "s1/loss/j1/C_j", "s1/loss/C"):
        history.follow(step)
    assert history.current == "s1/loss/C"
    assert history.back() == "s1/x0"


def test_the_same_number_again_is_no_new_entry() -> None:
    history = History()
    history.open("a")
    history.open("a")
    history.follow("a")
    assert not history.can_go_back
