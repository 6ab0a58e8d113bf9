"""What ships is there once a database is open: whole records, once, and a look never writes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import delete, func, select

from campaign.brief import Purpose
from campaign.registry.shipped import (
    BUILT_IN,
    check_shipped,
    missing_from,
    register_shipped,
    require_shipped,
    shipped_lexicons,
)
from campaign.registry.voice import capability_table, choose_voice
from campaign.speech.lexicon.files import read_lexicon
from storage.canonical import digest
from storage.errors import SchemaError
from storage.history import audit
from storage.installation import Installation
from storage.registry import lexicons as lexicon_rows
from storage.registry import pins as pin_rows
from storage.registry import presets as preset_rows
from storage.tables import audit as audit_table
from storage.tables import lexicon_versions, pins, presets
from tests import build
from workers.engines.registry import create_engine
from workers.presets.shipped import shipped_preset, shipped_presets


@pytest.fixture
def installed(tmp_path: Path) -> Iterator[Installation]:
    build.upgraded_sqlite.cache_clear()  # what ships is registered here, not copied
    made = build.installation(tmp_path / "home")
    yield made
    made.close()


@pytest.mark.parametrize(
    ("engine", "repo", "licence"),
    [("espeak", "espeak-ng/espeak-ng", "GPL-3.0-or-later"), ("tone", "campaign/tone", "Apache-2.0")],
)
def test_a_built_in_engine_has_a_pin_of_its_name_for_every_purpose(
    installed: Installation, engine: str, repo: str, licence: str
) -> None:
    with installed.database.read() as connection:
        pin = pin_rows.get(connection, engine)
        (note,) = audit.of(connection, engine)
    assert (pin.engine, pin.repo, pin.licence, pin.files) == (engine, repo, licence, {})
    # the digest enters every synthesis key: another one would make all sound again
    assert pin.digest == digest({"engine": engine, "repo": repo, "files": {}})
    assert pin.purposes == [purpose.value for purpose in Purpose]
    assert pin.capabilities == capability_table(create_engine(engine).capabilities)
    assert (note["action"], note["actor"], note["detail"]) == ("pin.add", "campaign", {"repo": repo})


def test_a_shipped_voice_is_nobody_s_and_has_the_table_of_each_engine(installed: Installation) -> None:
    with installed.database.read() as connection:
        kept = {(str(one.name), one.version): one for one in preset_rows.all_presets(connection)}
    assert set(kept) == set(shipped_presets())
    for name, version in shipped_presets():
        preset = kept[name, version]
        assert preset.provenance == {"origin": "shipped with the program", "person": None}
        assert (preset.transcript, preset.reference_key) == ("", None)
        assert set(preset.parameters) == set(preset.sound_digests) <= {*BUILT_IN, "kokoro"}
        for engine, table in preset.parameters.items():
            sound = shipped_preset(name, version, engine=engine)
            assert (table, preset.sound_digests[engine]) == (dict(sound.parameters), sound.sound_digest)
    assert set(kept["demo-voice", 1].parameters) == set(BUILT_IN)
    assert set(kept["demo-voice", 2].parameters) == {*BUILT_IN, "kokoro"}


def test_a_shipped_lexicon_is_named_by_its_folder_and_has_the_version_of_its_file(
    installed: Installation,
) -> None:
    with installed.database.read() as connection:
        kept = {lexicon.label: lexicon for lexicon in lexicon_rows.all_versions(connection)}
    assert set(kept) == {f"{one.name}@{one.version}" for one in shipped_lexicons()}
    clinic = kept["en-clinic@1"]
    (path,) = [one.path for one in shipped_lexicons() if one.name == "en-clinic"]
    file = read_lexicon(path)
    assert (clinic.source, clinic.actor, clinic.samples) == ("shipped", "campaign", file.samples)
    assert (clinic.digest, clinic.entries) == (file.rules.digest, len(file.rules.entries))
    assert (clinic.scope, clinic.language, clinic.preset) == ("campaign", file.rules.language, "")


def forget_some(installed: Installation) -> None:
    """As in a database that an older version of the program made."""
    with installed.database.write() as connection:
        connection.execute(delete(pins).where(pins.c.id == "espeak"))
        connection.execute(delete(presets).where(presets.c.name == "demo-voice"))
        connection.execute(delete(lexicon_versions).where(lexicon_versions.c.name == "en-clinic"))


def test_what_is_missing_is_told_exactly_and_registered_again(installed: Installation) -> None:
    with installed.database.read() as connection:
        assert not missing_from(connection)
    check_shipped(installed.database)
    forget_some(installed)
    with installed.database.read() as connection:
        missing = missing_from(connection)
    assert missing and missing.engines == ("espeak",)
    assert missing.presets == tuple(one for one in shipped_presets() if one[0] == "demo-voice")
    assert [one.name for one in missing.lexicons] == ["en-clinic"]
    with pytest.raises(SchemaError, match="campaign db upgrade"):
        check_shipped(installed.database)
    require_shipped(installed.database)
    with installed.database.read() as connection:
        assert not missing_from(connection)


@pytest.mark.parametrize("table", [pins, presets, lexicon_versions])
def test_one_kind_that_is_missing_is_enough_to_be_refused(installed: Installation, table: object) -> None:
    with installed.database.write() as connection:
        connection.execute(delete(table))  # type: ignore[arg-type]
    with pytest.raises(SchemaError, match="does not hold all"):
        check_shipped(installed.database)


def test_what_is_there_is_not_written_again(installed: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    with installed.database.read() as connection:
        before = connection.scalar(select(func.count()).select_from(audit_table))
    monkeypatch.setattr(installed.database, "write", None)
    register_shipped(installed.database)
    with installed.database.read() as connection:
        assert connection.scalar(select(func.count()).select_from(audit_table)) == before


def test_a_server_s_database_is_checked_and_never_written(
    installed: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    forget_some(installed)
    database = installed.database
    monkeypatch.setattr(database, "is_sqlite", False)
    monkeypatch.setattr(database, "write", None)
    with pytest.raises(SchemaError):
        require_shipped(database)
    asked: list[tuple[str, ...]] = []

    def may_not(_connection: object, *tables: str) -> bool:
        asked.append(tables)
        return False

    monkeypatch.setattr("campaign.registry.shipped.may_read", may_not)
    require_shipped(database)  # a worker's role: it may not even ask
    assert asked == [("presets", "pins", "lexicon_versions", "lexicon_rules")]


def test_a_shipped_voice_can_be_chosen_at_once(installed: Installation) -> None:
    with installed.database.read() as connection:
        assert choose_voice(connection, build.brief(model="")).preset.label == "demo-voice@1"
