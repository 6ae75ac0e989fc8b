"""What bench.py measures is there, and its table says what was measured and whether it suffices."""

import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

SCRIPTS = Path(__file__).resolve().parent.parent / "scripts"


@pytest.fixture(autouse=True)
def _scripts(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Its modules are found as when it runs, and are forgotten afterwards."""
    monkeypatch.syspath_prepend(str(SCRIPTS))
    before = set(sys.modules)
    yield
    for name in set(sys.modules) - before:
        if name.startswith(("bench", "_checks", "_environment")):
            del sys.modules[name]


@pytest.fixture
def table() -> ModuleType:
    return import_module("bench_table")


def test_every_measurement_can_be_asked_for() -> None:
    bench = import_module("bench")
    assert bench.chosen(bench.parse([])) == list(bench.MEASUREMENTS)
    for module in bench.MEASUREMENTS.values():
        assert callable(import_module(module).measure)


def test_only_what_is_asked_for_is_measured_and_peers_can_be_left_out() -> None:
    bench = import_module("bench")
    assert bench.chosen(bench.parse(["--only", "start", "--only", "stepping"])) == [
        "stepping",
        "start",
    ]
    assert "training" not in bench.chosen(bench.parse(["--no-peers"]))


def test_the_table_prints_figures_targets_and_the_verdict(
    table: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    Row, Target = table.Row, table.Target
    table.show(
        [
            Row.of("step", "ms", [10.0, 12.0, 60.0], Target("median", 16), Target("worst", 50)),
            Row("speed", "steps/s", 123456.0, ratio=7.25, targets=(Target("ratio", 5, True),)),
        ]
    )
    assert capsys.readouterr().out.splitlines() == [
        "what   median           worst  ratio   target                   met",
        "step   12 ms            60 ms          median ≤ 16, worst ≤ 50  NO",
        "speed  123,456 steps/s         7.25 ×  ratio ≥ 5                yes",
    ]


def test_the_machine_is_told_with_the_place_of_the_windows(table: ModuleType) -> None:
    lines = table.machine("offscreen")
    assert lines[0].split(" cores")[0].isdigit()
    assert "numpy" in lines[1]
    assert "Windows: offscreen" in lines


def test_a_number_keeps_three_digits_and_has_no_exponent(table: ModuleType) -> None:
    numbers = (0.0123456, 1.23456, 12.3456, 123.456, 12345.6, 0.00000123)
    texts = [table.number(value) for value in numbers]
    assert texts == ["0.0123", "1.23", "12.3", "123", "12,346", "0.000001"]


def test_the_steps_that_are_timed_lie_in_every_part_of_the_pass() -> None:
    import numpy as np

    from bpstudio.core.sequence import StepSequence

    stepping = import_module("bench_stepping")
    sequence = StepSequence((4, 5, 6, 3), (True,) * 3, (False,) * 3, (52,), updates=True)
    rng = np.random.default_rng(0)
    places = [stepping.a_place(sequence, rng) for _ in range(200)]
    assert {sequence.step(n).phase for n in places} == {"fwd", "loss", "back", "update"}
    assert max(places) + stepping.IN_A_ROW < len(sequence)


def test_the_long_sequence_has_a_thousand_million_steps() -> None:
    sequence = import_module("bench_sequence")
    assert len(sequence.long_sequence()) >= 10**9
