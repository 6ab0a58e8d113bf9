"""NeMo's token notation, against NeMo's own parser and permutations."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nemo_text_processing.text_normalization.normalize import Normalizer
from nemo_text_processing.text_normalization.token_parser import TokenParser

from campaign.speech.nemo import tokens
from campaign.speech.nemo.tokens import TokenError
from tests.examples import examples

_names = st.sampled_from(("name", "date", "month", "day", "preserve", "integer_part"))
_values = st.text(st.sampled_from('ab {}:"éü\ue000'), min_size=1, max_size=6).map(lambda text: f': "{text}"')
_token = st.recursive(
    st.tuples(_names, _values).map(" ".join).map(lambda field: field.replace(" :", ":"))
    | st.just("preserve_order: true"),
    lambda fields: st.tuples(_names, st.lists(fields, min_size=1, max_size=3)).map(
        lambda pair: f"{pair[0]} {{ {' '.join(pair[1])} }}"
    ),
    max_leaves=5,
)
_notation = st.lists(_token, min_size=1, max_size=4).map(lambda parts: "  ".join(parts) + " ")


def _stock() -> Normalizer:
    stock = object.__new__(Normalizer)
    stock.parser = TokenParser()
    stock.max_number_of_permutations_per_split = tokens.PERMUTATIONS_PER_SPLIT
    return stock


def _orders_by_stock(notation: str) -> list[list[str]] | None:
    stock = _stock()
    try:
        stock.parser(notation)
        runs = stock._split_tokens_to_reduce_number_of_permutations(stock.parser.parse())
    except (AssertionError, IndexError, ValueError):
        return None
    return [list(stock.generate_permutations(run)) for run in runs]


def _orders(notation: str) -> list[list[str]] | None:
    try:
        return [list(tokens.orders(run)) for run in tokens.splits(tokens.parse(notation))]
    except TokenError:
        return None


@examples(300)
@given(_notation)
def test_orders_are_nemos_in_nemos_order(notation: str) -> None:
    assert _orders(notation) == _orders_by_stock(notation)


def test_fields_of_a_date_are_tried_in_every_order() -> None:
    (run,) = tokens.splits(
        tokens.parse('tokens { date { month: "july" day: "four" } } tokens { name: "." } ')
    )
    assert list(tokens.orders(run)) == [
        ' tokens {  date { month: "july" day: "four"  }  }  tokens { name: "."  } ',
        ' tokens {  date { day: "four" month: "july"  }  }  tokens { name: "."  } ',
    ]


def test_preserved_order_is_the_only_one() -> None:
    (run,) = tokens.splits(
        tokens.parse('tokens { date { month: "july" day: "four" preserve_order: true } } ')
    )
    assert len(list(tokens.orders(run))) == 1


def test_many_orders_are_split_into_runs() -> None:
    date = 'tokens { date { year: "x" month: "y" day: "z" } } '
    assert [len(run) for run in tokens.splits(tokens.parse(date * 8))] == [3, 3, 2]


def test_a_token_with_too_many_orders_is_refused() -> None:
    fields = " ".join(f'{name}: "x"' for name in "abcdefg")
    with pytest.raises(TokenError, match="5040 orders"):
        tokens.splits(tokens.parse(f"tokens {{ {fields} }} "))


@pytest.mark.parametrize(
    "broken",
    [
        'tokens { name: "a',
        "tokens { name }",
        'tokens { name: "a" ',
        "preserve_order: false",
        'tokens { name "a" } ',
    ],
)
def test_broken_notation_is_refused(broken: str) -> None:
    with pytest.raises(TokenError):
        tokens.parse(broken)


def test_an_empty_value_cannot_be_spoken() -> None:
    (run,) = tokens.splits(tokens.parse('tokens { name: "" } '))
    with pytest.raises(TokenError, match="empty"):
        list(tokens.orders(run))
