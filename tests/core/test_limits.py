"""What a request may cost: told in words before anything is allocated."""

import pytest

from bpstudio.core import limits
from bpstudio.core.errors import InputError


@pytest.mark.parametrize(
    ("n_bytes", "text"),
    [
        (0, "0 bytes"),
        (999, "999 bytes"),
        (1000, "1 kB"),
        (1_540_000, "1.54 MB"),
        (3 * 10**9, "3 GB"),
        (5.2e13, "52 TB"),
        (999_999, "1000 kB"),
        (8e18, "8000 PB"),
    ],
)
def test_a_number_of_bytes_is_written_as_people_write_it(n_bytes, text):
    assert limits.size_text(n_bytes) == text


def test_what_fits_is_let_through_and_what_does_not_is_refused_with_a_remedy(monkeypatch):
    monkeypatch.setattr(limits, "memory_limit", lambda: 2_000_000)
    limits.require_memory(2_000_000, "this", "do that")
    with pytest.raises(InputError) as caught:
        limits.require_memory(2_000_001, "a table", "take fewer rows")
    assert str(caught.value) == (
        "a table needs 2 MB of memory, this machine allows 2 MB; take fewer rows"
    )


def test_the_limit_leaves_something_to_the_system():
    limit = limits.memory_limit()
    assert 10**8 < limit < 10**15


def test_a_machine_that_does_not_tell_is_taken_for_a_common_one(monkeypatch):
    def unknown(name: str) -> int:
        raise ValueError(name)

    monkeypatch.setattr("os.sysconf", unknown)
    assert limits.memory_limit() == int(0.7 * 8 * 2**30)
