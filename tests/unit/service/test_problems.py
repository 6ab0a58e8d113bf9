"""What is wrong in a request is told in the words of every table, bounded, and nothing else is."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from campaign.brief import BriefTable
from campaign.service.problems import SCHEMA, TOLD_PROBLEMS, FieldProblem, _fields_of


def problems(body: dict[str, Any]) -> list[FieldProblem]:
    with pytest.raises(ValidationError) as refused:
        BriefTable.model_validate(body)
    errors = [{**error, "loc": ("body", *error["loc"])} for error in refused.value.errors()]
    return _fields_of(errors, BriefTable)  # type: ignore[arg-type]


def test_the_first_of_many_faults_are_told() -> None:
    told = problems({"languages": [1] * 1_000, **{f"k{number}": 1 for number in range(1_000)}})
    assert len(told) <= TOLD_PROBLEMS
    assert sum(len(problem.reason) + len(problem.mend or "") for problem in told) < 20_000


def test_a_fault_of_a_table_has_its_mend_and_a_union_is_told_once() -> None:
    (told,) = problems({"templates": {"en": {"text": 7}}})
    assert (told.field, told.reason) == ("templates.en.text", "templates.en.text is 7")
    assert told.mend == 'give text such as "Hello {{ name }}."'


@pytest.mark.parametrize(
    "error",
    [
        {"type": "json_invalid", "loc": ("body", 12), "msg": "JSON decode error", "input": {}},
        {"type": "missing", "loc": ("body",), "msg": "Field required", "input": None},
        {"type": "int_parsing", "loc": ("query", "limit"), "msg": "not a number", "input": "x"},
    ],
)
def test_what_is_no_fault_of_a_table_is_told_as_what_it_is(error: Any) -> None:
    (told,) = _fields_of([error], BriefTable)
    assert (told.reason, told.mend) == (error["msg"], SCHEMA)
