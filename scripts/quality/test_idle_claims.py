"""Promise of scripts/quality/idle_claims.py: a claim that says nothing is found."""

import idle_claims
import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook


@pytest.fixture
def chapter(monkeypatch):
    claims = (
        '@gluonbook.claim("一小于二")\ndef check():\n    assert 1 < 2',
        '@gluonbook.claim("没有一个")\ndef check():\n    for x in []:\n        assert x\n    assert 1 < 2',
    )
    cells = [new_code_cell(claim, metadata={"tags": ["claim"]}) for claim in claims]
    cells.insert(0, new_code_cell("import gluonbook"))
    monkeypatch.setattr(idle_claims, "read", lambda _: nbformat.from_dict(new_notebook(cells=cells)))


def test_a_negated_assert_that_is_never_reached_is_not_noticed(chapter):
    unnoticed, number = idle_claims.unnoticed_in("sample")
    assert number == 3 and [claim.sentence for claim in unnoticed] == ["没有一个"]
