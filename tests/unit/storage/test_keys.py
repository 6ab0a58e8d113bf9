"""Object names carry ids and keyed hashes, and nothing that can be guessed or misread."""

from __future__ import annotations

import pytest

from storage.errors import NameRefusedError
from storage.keys import asset_key, cache_key, cache_prefix, caption_key, keyed_hash, row_hmac, row_prefix
from storage.names import CampaignId
from storage.objects.store import check_key

SECRET = b"an installation secret"
SHA = "ab" * 32


def test_names_have_the_form_of_the_contract() -> None:
    row = row_hmac(SECRET, CampaignId("spring"), "patient-7")
    assert len(row) == 32
    name = asset_key(campaign_id=CampaignId("spring"), row_hmac=row, version=2, sha256=SHA, extension="flac")
    assert name == f"campaigns/spring/{row}/v2/{SHA}.flac"
    assert name.startswith(row_prefix(campaign_id=CampaignId("spring"), row_hmac=row))
    cached = cache_key(SECRET, synthesis_key="cd" * 32, sha256=SHA)
    prefix = cache_prefix(SECRET, synthesis_key="cd" * 32)
    assert cached == f"{prefix}{SHA}"
    assert [check_key(key) for key in (name, cached)] == [name, cached]


def test_captions_lie_beside_their_file() -> None:
    assert caption_key(f"campaigns/spring/{'ab' * 16}/v2/{SHA}.flac", "vtt") == (
        f"campaigns/spring/{'ab' * 16}/v2/{SHA}.vtt"
    )
    for key, extension in (("campaigns/spring/v2", "vtt"), (f"{SHA}.wav", "../x"), (f"{SHA}.wav", "")):
        with pytest.raises(ValueError, match="not a file"):
            caption_key(key, extension)


def test_hashes_are_the_published_hmac() -> None:
    # printf '["row","spring","patient-7"]' | openssl dgst -sha256 -hmac 'an installation secret'
    assert row_hmac(SECRET, CampaignId("spring"), "patient-7") == "e93b3b618c506762987b7cc5d96e5ec5"


def test_hashes_differ_by_secret_purpose_campaign_and_split() -> None:
    seen = {
        row_hmac(SECRET, CampaignId("spring"), "patient-7"),
        row_hmac(b"another secret of size", CampaignId("spring"), "patient-7"),
        row_hmac(SECRET, CampaignId("autumn"), "patient-7"),
        keyed_hash(SECRET, "cache", "spring", "patient-7"),
        keyed_hash(SECRET, "row", "springpatient-7"),
        keyed_hash(SECRET, "row", "spring", "patient", "7"),
    }
    assert len(seen) == 6


def test_a_short_secret_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 16"):
        row_hmac(b"short", CampaignId("spring"), "patient-7")


@pytest.mark.parametrize(
    "change",
    [
        {"campaign_id": "../up"},
        {"campaign_id": "a/b"},
        {"row_hmac": "Maria Müller"},
        {"version": 0},
        {"sha256": "AB" * 32},
        {"extension": "../x"},
    ],
)
def test_names_that_could_leave_their_place_are_refused(change: dict[str, object]) -> None:
    good: dict[str, object] = {
        "campaign_id": "spring",
        "row_hmac": "0" * 32,
        "version": 1,
        "sha256": SHA,
        "extension": "wav",
    }
    with pytest.raises((ValueError, NameRefusedError), match=r"not|count|is no campaign id"):
        asset_key(**{**good, **change})  # type: ignore[arg-type]
