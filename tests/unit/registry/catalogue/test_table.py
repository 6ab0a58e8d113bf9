"""The catalogue as it is written, and the one that ships."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest

from campaign.errors import InputError, NotFoundError
from campaign.registry.catalogue import CatalogueEntry, read_catalogue, shipped_catalogue
from campaign.registry.catalogue.clients import _uv_chosen_by
from campaign.registry.catalogue.table import AddressOrigin, HubOrigin, NpmOrigin, Role, WheelOrigin
from campaign.registry.hub import PERMITTED
from tests.servers.sources import COMMIT, catalogue_of
from workers.languages import primary

SHA = "ab" * 32
ENTRY: dict[str, Any] = {
    "name": "some-voice",
    "title": "Some voice",
    "role": "voice",
    "engine": "tone",
    "licence": "MIT",
    "attribution": "Its makers.",
    "purposes": ["research"],
    "languages": ["en"],
    "origins": {
        "wheel": {"kind": "wheel", "package": "some", "version": "1.0", "size": 10, "sha256": SHA},
        "hub": {"kind": "hub", "repository": "maker/model", "commit": COMMIT},
    },
    "files": [
        {
            "path": "voices/a.bin",
            "size": 4,
            "sha256": SHA,
            "sources": [[{"origin": "wheel", "path": "some/a.bin"}], [{"origin": "hub", "path": "a.bin"}]],
        }
    ],
}


def changed(*path: str | int, to: object) -> dict[str, Any]:
    entry = copy.deepcopy(ENTRY)
    place: Any = entry
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = to
    return entry


def test_an_entry_is_read_as_it_is_written(tmp_path: Path) -> None:
    entry = read_catalogue(catalogue_of(tmp_path / "catalogue.toml", [ENTRY])).entries[0]
    written = copy.deepcopy(ENTRY)
    written["origins"]["wheel"]["tags"] = ""
    written["files"][0]["made_from"] = None
    assert entry.model_dump(mode="json") | {"speakers": []} == written | {
        "repo": "",
        "revision": "",
        "speakers": [],
    }
    assert entry.origins["hub"].label == "hub maker/model@c0ffeec0"


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        (changed("origins", "hub", "commit", to="main"), "commit"),
        (changed("origins", "hub", "kind", to="torrent"), "kind"),
        (changed("origins", "wheel", "package", to="--index-url"), "package"),
        (changed("origins", "wheel", "size", to=3 << 30), "size"),
        (changed("origins", "hub", to={"kind": "address", "url": "file:///etc/passwd"}), "url"),
        (changed("files", 0, "path", to="../escaped"), "path"),
        (changed("files", 0, "path", to="/etc/passwd"), "path"),
        (changed("files", 0, "sha256", to="AB" * 32), "sha256"),
        (changed("files", 0, "sources", to=[]), "sources"),
        (changed("files", 0, "sources", 0, 0, "origin", to="whel"), "origin whel is not among its origins"),
        (
            changed("files", 0, "sources", 1, to=[{"origin": "hub", "path": "a"}] * 2),
            "joined from hub, which is no package",
        ),
        (changed("files", to=[ENTRY["files"][0], ENTRY["files"][0]]), "two of its files have one path"),
        (changed("engine", to=""), "a voice names its engine"),
        (changed("role", to="recogniser"), "what hears or measures has none"),
        (changed("role", to="encoder"), "what hears or measures has none"),
        (changed("origins", "wheel", "tags", to="cp312-cp312-win_amd64"), "tags"),
        (
            changed("files", 0, "made_from", to={"size": 4, "sha256": SHA, "delta": "../some.delta"}),
            "made_from.delta",
        ),
        (changed("role", to="singer"), "role"),
        (changed("purposes", to=["fun"]), "purposes"),
        (changed("languages", to=["klingonish language"]), "languages"),
        (changed("name", to="../up"), "name"),
        (changed("extra", to=1), "extra"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_cannot_be_meant_is_refused_with_its_place(
    tmp_path: Path, entry: dict[str, Any], told: str
) -> None:
    with pytest.raises(InputError, match=f"catalogue.toml: .*{told}"):
        read_catalogue(catalogue_of(tmp_path / "catalogue.toml", [entry]))


def test_two_entries_have_two_names(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="two entries are called some-voice"):
        read_catalogue(catalogue_of(tmp_path / "catalogue.toml", [ENTRY, ENTRY]))
    with pytest.raises(InputError, match="--catalogue"):
        read_catalogue(tmp_path / "absent.toml")


def test_an_unknown_name_is_told_with_the_nearest() -> None:
    with pytest.raises(NotFoundError, match=r"Did you mean kokoro\?"):
        shipped_catalogue().find("Kokorro")
    with pytest.raises(NotFoundError, match="campaign voice list"):
        shipped_catalogue().find("zzz")


@pytest.fixture(params=shipped_catalogue().entries, ids=lambda entry: entry.name)
def shipped(request: pytest.FixtureRequest) -> CatalogueEntry:
    """Each entry that ships."""
    entry: CatalogueEntry = request.param
    return entry


def test_an_entry_that_ships_allows_no_more_than_its_licence(shipped: CatalogueEntry) -> None:
    assert {purpose.value for purpose in shipped.purposes} <= set(PERMITTED[shipped.licence.lower()])


def test_every_file_that_ships_has_two_sources_and_every_origin_is_one(shipped: CatalogueEntry) -> None:
    assert [file.path for file in shipped.files if len(file.sources) < 2] == []
    named = {piece.origin for file in shipped.files for source in file.sources for piece in source}
    assert named == shipped.origins.keys()
    kinds = {type(origin) for origin in shipped.origins.values()}
    assert kinds & {HubOrigin, AddressOrigin} and kinds & {WheelOrigin, NpmOrigin}


def test_every_speaker_that_ships_has_its_file_and_a_language_of_the_pin(shipped: CatalogueEntry) -> None:
    voices = {file.path for file in shipped.files if file.path.startswith("voices/")}
    assert {f"voices/{speaker.name}.bin" for speaker in shipped.speakers} == voices
    if shipped.role is Role.VOICE:
        assert {primary(speaker.language) for speaker in shipped.speakers} == set(shipped.languages)


def test_a_wheel_for_any_python_is_chosen_by_its_machine_alone() -> None:
    wheel = shipped_catalogue().find("moonshine-tiny").origins["wheel"]
    assert isinstance(wheel, WheelOrigin)
    assert wheel.chosen_by == ("--platform", "manylinux_2_34_x86_64")
    assert _uv_chosen_by(wheel) == ["--python-platform", "x86_64-manylinux_2_34"]
    other = shipped_catalogue().find("speaker-encoder").origins["wheel"]
    assert isinstance(other, WheelOrigin)
    assert other.chosen_by[:2] == ("--python-version", "3.12")
