"""A ledger of a short run, and what each sample and class did in it."""

import pytest

from tests.debugger.ledgers import ledger_of, record, split_of, training_of


@pytest.fixture(scope="module")
def ledger():
    return ledger_of(record(training_of(optimizer="momentum"), 20)[0])


@pytest.fixture(scope="module")
def split(ledger):
    return split_of(ledger)
