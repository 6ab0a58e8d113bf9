"""JSON is counted as it comes, in whatever pieces."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import Headers

from campaign.service import bodies
from campaign.service.bodies import JSON, JsonShape, TooLargeError, announced_bytes, rule_of
from campaign.service.problems import ProblemError

DOCUMENTS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=20,
)


def depth_of(document: Any) -> int:
    inner = (
        document.values() if isinstance(document, dict) else document if isinstance(document, list) else None
    )
    return 0 if inner is None else 1 + max(map(depth_of, inner), default=0)


def signs_of(document: Any) -> int:
    """Strings, brackets, commas and colons."""
    if isinstance(document, dict):
        inside = sum(1 + 1 + signs_of(value) for value in document.values())
        return 2 + inside + max(0, len(document) - 1)
    if isinstance(document, list):
        return 2 + sum(map(signs_of, document)) + max(0, len(document) - 1)
    return int(isinstance(document, str))


@given(document=DOCUMENTS, size=st.integers(1, 9), is_ascii=st.booleans())
def test_depth_and_signs_are_those_of_the_document_in_pieces_of_any_size(
    document: Any, size: int, is_ascii: bool
) -> None:
    text = json.dumps(document, ensure_ascii=is_ascii).encode("utf-8", "surrogatepass")
    shape, deepest = JsonShape(), 0
    for at in range(0, len(text), size):
        for byte in (text[at : at + size],):
            shape.read(byte)
        deepest = max(deepest, shape._depth)
    assert (shape._depth, shape._signs) == (0, signs_of(document))
    assert deepest <= depth_of(document)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bodies, "JSON_DEPTH", depth_of(document))
        patch.setattr(bodies, "JSON_SIGNS", signs_of(document))
        JsonShape().read(text)
        patch.setattr(bodies, "JSON_SIGNS", signs_of(document) - 1)
        if signs_of(document):
            with pytest.raises(TooLargeError, match="values"):
                JsonShape().read(text)
        patch.setattr(bodies, "JSON_SIGNS", signs_of(document))
        patch.setattr(bodies, "JSON_DEPTH", depth_of(document) - 1)
        if depth_of(document):
            with pytest.raises(TooLargeError, match="deep"):
                JsonShape().read(text)


@pytest.mark.parametrize(
    ("path", "limit", "is_json"),
    [
        ("/v1/campaigns/x/recipients", 9, False),
        ("/v1/campaigns/x", bodies.JSON_BYTES, True),
        ("/v1/presets", bodies.VOICE_BYTES, True),
        ("/v1/presets/x/retire", bodies.JSON_BYTES, True),
        ("/internal/sound/c/k", bodies.SOUND_BYTES, False),
        ("/internal/sound/c", bodies.JSON_BYTES, True),
        ("/login", bodies.LOGIN_BYTES, False),
        ("/listen/g/t/score", bodies.SCORE_BYTES, True),
        ("/anything", bodies.JSON_BYTES, True),
    ],
)
def test_each_path_has_its_limit(path: str, limit: int, is_json: bool) -> None:
    rule = rule_of(path, upload_bytes=9)
    assert (rule.limit_bytes, rule.is_json) == (limit, is_json)


@pytest.mark.parametrize(
    ("headers", "size"),
    [
        ({}, 0),
        ({"content-length": "12"}, 12),
        ({"content-encoding": "identity", "content-length": "1"}, 1),
        ({"transfer-encoding": "chunked"}, JSON.limit_bytes),
    ],
)
def test_a_body_is_as_long_as_its_head_says(headers: dict[str, str], size: int) -> None:
    assert announced_bytes(Headers(headers), JSON) == size


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"content-length": str(JSON.limit_bytes + 1)}, 413),
        ({"content-length": "1e3"}, 400),
        ({"content-length": "+1"}, 400),
        ({"transfer-encoding": "chunked", "content-length": "1"}, 400),
        ({"content-encoding": "gzip"}, 415),
        ({"content-encoding": "identity, br"}, 415),
        ({"content-type": " Multipart/form-data; boundary=x"}, 415),
    ],
)
def test_a_body_that_is_not_taken_is_refused_by_its_head(headers: dict[str, str], status: int) -> None:
    with pytest.raises(ProblemError) as refused:
        announced_bytes(Headers(headers), JSON)
    assert refused.value.status == status
