"""Erasure reaches everything: a canary is planted wherever a person can be, and afterwards no byte says it."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text

from campaign.brief import OnError
from campaign.errors import BadRowsError, NotFoundError
from campaign.operations import erase
from campaign.operations.control import find_campaign
from campaign.operations.erase import erase_campaign, erase_recipient, purge, purge_previews
from campaign.operations.personal_data import PLACES, Reach
from campaign.operations.suppression import add_persons
from campaign.operations.uploads import STALE_PART_S, UploadFolder, UploadKind
from campaign.preview.one_off import say
from campaign.recipients import open_recipients
from campaign.report.publish import publish_report
from campaign.rerender.review import record_verdicts
from storage.installation import Installation
from storage.names import CampaignId
from storage.queue import campaigns as campaign_rows
from storage.scratch import STALE_S, scratch_folder
from storage.service import intakes
from storage.service.intakes import Found, FoundProblem
from storage.tables import CampaignState, IntakeState, metadata, recipients
from tests import ROOT, build
from tests.servers import PostgresServer

CANARY = "Quetzalcoatlus"
PERSON = "canary-id-Quetzalcoatlus"
TEMPLATE = "Welcome back, friend. Hello {{ name }}. {{ more }}"
COLUMNS = {"name": "name", "more": "text"}


def people() -> list[dict[str, str]]:
    return [
        {"id": PERSON, "locale": "en", "name": CANARY, "more": f"Yours, {CANARY}."},
        {"id": PERSON, "locale": "en", "name": f"{CANARY}twice", "more": "Again."},
        {"id": "other", "locale": "en", "name": "Bo", "more": "Bye."},
    ]


@pytest.fixture(params=["sqlite", "postgresql"])
def installation(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Installation]:
    url = request.getfixturevalue("postgres_url") if request.param == "postgresql" else ""
    made = build.installation(tmp_path / "home", database_url=url)
    yield made
    made.close()


def needles() -> list[bytes]:
    words = (CANARY, CANARY.lower(), CANARY.upper())
    return [word.encode(encoding) for word in words for encoding in ("utf-8", "utf-16-le", "utf-16-be")]


def said_in_files(folder: Path) -> list[str]:
    """Every file below a folder that says the canary, in its name or its bytes."""
    found = []
    for path in folder.rglob("*"):
        data = str(path.relative_to(folder)).encode() + (path.read_bytes() if path.is_file() else b"")
        if any(needle in data for needle in needles()):
            found.append(str(path.relative_to(folder)))
    return sorted(found)


def said_in_rows(installation: Installation) -> list[str]:
    """Every table with a row that says it."""
    found = []
    with installation.database.read() as connection:
        for table in metadata.sorted_tables:
            rows = connection.execute(text(f'SELECT * FROM "{table.name}"')).all()
            if any(needle in repr(row).encode() for row in rows for needle in needles()[::3]):
                found.append(table.name)
    return found


def sent(installation: Installation, name: str, **options: object) -> CampaignId:
    asked = build.brief(TEMPLATE, columns=COLUMNS, **options)
    path = installation.settings.home.parent / f"{CANARY}.csv"
    build.write_csv(path, people())
    from campaign.brief import LoadedBrief
    from campaign.submission.submit import submit

    with open_recipients(str(path)) as source:
        loaded = LoadedBrief(brief=asked, suppress=())
        return submit(installation, source, loaded, actor="test", campaign_id=CampaignId(name)).campaign.id


def uploaded(installation: Installation, name: str, *, refused: bool) -> None:
    """An upload with the canary that nobody reads: it waits, or was refused."""
    uploads, campaign_id = UploadFolder(installation.settings), CampaignId(name)
    with installation.database.write() as connection:
        intakes.expect(connection, campaign_id, brief={"name": CANARY}, starts=False, actor="test")
        for kind in UploadKind:
            part = uploads.new_part(campaign_id)
            part.parent.mkdir(parents=True, exist_ok=True)
            part.write_text(f"id,name\n{PERSON},{CANARY}\n")
            uploads.keep(part, campaign_id, kind, "0" * 64)
        intakes.note_suppression(connection, campaign_id, sha256="0" * 64)
        intakes.acknowledge(connection, campaign_id, encoding="utf-8", sha256="0" * 64, size_bytes=1)
        if refused:
            problem = FoundProblem(row=1, field="name", code="no", reason=f"{CANARY} is no name", mend="-")
            none: dict[str, int] = {}
            found = Found(
                rows=1,
                by_outcome=none,
                by_language=none,
                by_type=none,
                by_warning=none,
                problems=[problem],
                duplicates=[],
            )
            intakes.begin_reading(connection, campaign_id)
            intakes.refuse(connection, campaign_id, problem=f"{CANARY} cannot be read", preflight=found)


def planted(installation: Installation) -> None:
    """The canary in every place that the table names and that is of this process."""
    campaign_id = sent(installation, "made", finish={"codec": "wav", "captions": ["json", "srt", "vtt"]})
    build.worked(installation, campaign_id)
    publish_report(installation, campaign_id)
    campaign = find_campaign(installation, campaign_id)
    record_verdicts(installation, campaign, accepted=[1], reason=f"{CANARY} is said well", actor="test")
    sent(installation, "held", error_budget=0.5)
    add_persons(installation, [PERSON], source="test", actor="test")
    uploaded(installation, "waiting", refused=False)
    uploaded(installation, "refused", refused=True)
    part = UploadFolder(installation.settings).new_part(CampaignId("torn"))
    part.parent.mkdir(parents=True)
    part.write_text(CANARY)
    with build.working(installation):
        say(
            installation,
            f"Hello {CANARY}.",
            preset="demo-voice@1",
            model="tone",
            language="en",
            finish={"codec": "wav"},
            actor="test",
            watch=lambda *_: None,
        )
    left = installation.settings.home / "scratch" / "artefacts-x"
    left.mkdir(parents=True)
    (left / "list").write_text(CANARY)


def test_a_canary_in_every_place_is_gone_after_the_erasures(
    installation: Installation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    planted(installation)
    home = installation.settings.home
    assert {"recipients", "utterances", "intakes", "suppressions", "suppression_log", "campaigns"} <= set(
        said_in_rows(installation)
    )
    before = said_in_files(home)
    for place in (
        "results/made",
        "uploads/waiting",
        "uploads/refused",
        "uploads/torn",
        "scratch/artefacts-x",
        "objects/campaigns/made",
    ):
        assert any(path.startswith(place) for path in before), (place, before)

    erase_recipient(installation, PERSON, actor="test")
    for campaign_id in ("waiting", "refused", "made", "held"):
        erase_campaign(installation, CampaignId(campaign_id), actor="test")
    purge_previews(installation, older_than_ms=-1000, actor="test")
    later = time.time() + max(STALE_PART_S, STALE_S) + 9
    monkeypatch.setattr(time, "time", lambda: later)
    purge(installation, older_than_ms=1 << 40, actor="test")
    monkeypatch.undo()

    assert said_in_rows(installation) == []
    installation.close()
    assert said_in_files(home) == []
    totals = json.loads((home / "objects" / "campaigns" / "made" / "report.json").read_text())
    assert totals["rows"]["by_status"] == {"erased": 3}


def test_postgresql_says_it_no_more_in_a_dump(
    tmp_path: Path, postgres: PostgresServer, postgres_url: str
) -> None:
    made = build.installation(tmp_path / "home", database_url=postgres_url)
    campaign_id = sent(made, "made")
    build.worked(made, campaign_id)
    assert said_in_rows(made)
    erase_recipient(made, PERSON, actor="test")
    assert said_in_rows(made) == ["campaigns"]  # the file's name, until the campaign itself is erased
    with made.database.read() as connection:  # whoever has the secret could find an id by its hash
        rows = connection.execute(select(recipients.c.row, recipients.c.person.is_(None))).tuples().all()
    assert dict(rows) == {1: True, 2: True, 3: False}
    erase_campaign(made, campaign_id, actor="test")
    assert said_in_rows(made) == []
    made.close()


def test_an_erasure_that_is_interrupted_has_forgotten_the_rows_and_goes_on(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Files go after rows: a folder that cannot be removed stops nothing that counts more."""
    campaign_id = sent(installation, "made")
    build.worked(installation, campaign_id)

    def cannot(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("campaign.operations.personal_data.forget_rows", cannot)
    with pytest.raises(KeyboardInterrupt):
        erase_recipient(installation, PERSON, actor="test")
    monkeypatch.undo()
    assert said_in_rows(installation) == ["campaigns"]
    erase_campaign(installation, campaign_id, actor="test")
    assert said_in_rows(installation) == []


def test_purge_takes_uploads_and_drafts_that_nobody_came_back_to(installation: Installation) -> None:
    uploaded(installation, "refused", refused=True)
    uploaded(installation, "waiting", refused=False)
    ended, _ = purge(installation, older_than_ms=1 << 40, actor="test", dry_run=True)
    assert ended == []
    ended, _ = purge(installation, older_than_ms=-1000, actor="test")
    assert ended == ["refused"]
    assert [path.name for path in (installation.settings.home / "uploads").iterdir()] == ["waiting"]


def lists(installation: Installation, name: str) -> str:
    folder = installation.settings.home / "results" / name
    return "".join(path.read_text() for path in sorted(folder.glob("*.csv")))


def test_lists_of_a_submit_of_which_no_campaign_became_are_reached(installation: Installation) -> None:
    with pytest.raises(BadRowsError):
        sent(installation, "refused", on_error=OnError.REJECT)
    assert PERSON in lists(installation, "refused")
    assert (installation.settings.home / "results/refused/rows-to-mend.csv").exists()
    assert list(erase_recipient(installation, PERSON, actor="test").campaigns) == ["refused"]
    with pytest.raises(NotFoundError):
        erase_recipient(installation, PERSON, actor="test")
    assert said_in_files(installation.settings.home / "results") == []
    with pytest.raises(BadRowsError):
        sent(installation, "refused", on_error=OnError.REJECT)
    erase_campaign(installation, CampaignId("refused"), actor="test")
    assert not (installation.settings.home / "results" / "refused").exists()
    with pytest.raises(NotFoundError):
        erase_campaign(installation, CampaignId("refused"), actor="test")
    with pytest.raises(BadRowsError):
        sent(installation, "refused", on_error=OnError.REJECT)
    purge(installation, older_than_ms=1 << 40, actor="test")
    assert lists(installation, "refused")
    purge(installation, older_than_ms=-1000, actor="test")
    assert not (installation.settings.home / "results" / "refused").exists()


def test_the_result_list_of_a_campaign_that_goes_on_forgets_the_person(installation: Installation) -> None:
    campaign_id = sent(installation, "made")
    build.worked(installation, campaign_id)
    publish_report(installation, campaign_id)
    assert PERSON in lists(installation, "made")
    with installation.database.write() as connection:
        campaign_rows.move(connection, campaign_id, CampaignState.RUNNING)
        campaign_rows.move(connection, campaign_id, CampaignState.PAUSED)
    erase_recipient(installation, PERSON, actor="test")
    assert PERSON not in lists(installation, "made")
    assert "other" in lists(installation, "made")


def test_purge_looks_again_before_it_takes_an_upload(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Hours of erasures may lie between its first look and its turn: what was acknowledged meanwhile stays."""
    uploaded(installation, "refused", refused=True)
    sent(installation, "lives")
    with installation.database.write() as connection:
        intakes.expect(connection, CampaignId("lives"), brief={}, starts=False, actor="test")
    decided = erase._purge_abandoned

    def then_uploaded(*what: Any, **named: Any) -> bool:
        monkeypatch.undo()
        with installation.database.write() as connection:
            name = CampaignId("refused")
            intakes.acknowledge(connection, name, encoding="utf-8", sha256="0" * 64, size_bytes=1)
        return decided(*what, **named)

    monkeypatch.setattr(erase, "_purge_abandoned", then_uploaded)
    ended, _ = purge(installation, older_than_ms=-1000, actor="test")
    assert ended == []
    with installation.database.read() as connection:
        again, lives = (intakes.find(connection, CampaignId(one)) for one in ("refused", "lives"))
        assert campaign_rows.get(connection, CampaignId("lives")).source == f"{CANARY}.csv"
    assert again is not None and again.state == IntakeState.UPLOADED
    assert lives is None
    assert (installation.settings.home / "uploads" / "refused").exists()


def test_who_only_opted_out_is_erased_too(installation: Installation) -> None:
    add_persons(installation, ["only-here"], source="test", actor="test")
    assert erase_recipient(installation, "only-here", actor="test").campaigns == {}
    with pytest.raises(NotFoundError):
        erase_recipient(installation, "only-here", actor="test")


def test_an_id_written_otherwise_is_told_and_nobody_is_erased(installation: Installation) -> None:
    sent(installation, "made")
    with pytest.raises(NotFoundError, match="A row has it in another spelling: give it as it was written"):
        erase_recipient(installation, PERSON.upper(), actor="test")


def test_a_scratch_folder_is_for_its_owner_and_ends_with_its_block(installation: Installation) -> None:
    with scratch_folder(installation.settings, "test") as folder:
        assert folder.stat().st_mode & 0o777 == 0o700
        assert folder.is_relative_to(installation.settings.home)
    assert not folder.exists()
    assert list((installation.settings.home / "scratch").iterdir()) == []


def test_every_place_is_in_the_documents_and_every_step_is_walked(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = (ROOT / "docs" / "erasure.md").read_text(encoding="utf-8")
    for place in PLACES:
        line = next((one for one in page.splitlines() if one.startswith(f"| {place.where} |")), None)
        assert line is not None, place.where
        assert place.holds in line
        assert place.bound in line
    assert {place.reach for place in PLACES} == set(Reach)
    assert all((place.forget is None) == (place.reach is not Reach.FILES) for place in PLACES)


def test_no_other_module_makes_files_of_people_in_a_folder_that_nobody_walks() -> None:
    """A temporary file with a name is one that a killed process leaves behind."""
    named = re.compile(r"tempfile\.(NamedTemporaryFile|TemporaryDirectory|mkdtemp|mkstemp)")
    found = {
        str(path.relative_to(ROOT))
        for package in ("campaign", "workers", "storage")
        for path in (ROOT / package).rglob("*.py")
        if named.search(path.read_text(encoding="utf-8"))
    }
    assert found == {
        "storage/scratch.py",
        "campaign/speech/nemo/shipped.py",  # grammars: nothing of anybody
        "campaign/cli/worker.py",  # how idle each GPU is
        "workers/process/gpus/mps.py",  # sockets of a GPU's server
        "workers/engines/f5/device/building.py",  # a mark, empty
    }
