"""The tables of moves against the code: campaigns, work rows, uploads.

Two readings of each. From the syntax trees: whoever sets a state is known here, and every state is set by somebody.
On a database: whatever is tried on a row of every state moves it as the table says, and by no move more or less.
"""

from __future__ import annotations

import ast
import itertools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, delete, insert, select, update

from campaign.errors import ConflictError
from campaign.operations import control
from storage.erasing import erasure
from storage.errors import RecordMissingError, StateError
from storage.installation import Installation
from storage.names import CampaignId
from storage.queue import amendments, demand, leases, remake, reviews, suppressions, takes
from storage.queue import assets as asset_rows
from storage.queue import campaigns as campaign_rows
from storage.queue import utterances as utterance_rows
from storage.queue.campaigns import MOVES
from storage.queue.leases import ASSETS, DEATHS_TO_QUARANTINE, UTTERANCES
from storage.records import Campaign, Claim, Failure, PlannedTake, StoredAsset, StoredUtterance
from storage.service import intakes
from storage.tables import (
    FIRST_STATUSES,
    INTAKE_MOVES,
    ROW_MOVES,
    CampaignState,
    IntakeState,
    RowStatus,
    asset_utterances,
    assets,
    campaigns,
    recipients,
    utterances,
)
from storage.tables import intakes as intake_table
from storage.tables import suppressions as suppression_table
from tests import build
from tests.trees import PACKAGES, last_name, members, modules

WORKER = "w1"
Function = ast.FunctionDef | ast.AsyncFunctionDef
Pairs = set[tuple[str, str]]


@pytest.fixture
def installed(tmp_path: Path) -> Iterator[Installation]:
    made = build.installation(tmp_path / "home")
    yield made
    made.close()


@pytest.fixture
def campaign(installed: Installation) -> Campaign:
    """A row for each status: a greeting that all share, and a name of its own."""
    asked = build.brief("Welcome back, friend. Hello {{ name }}.")
    return build.submitted(installed, build.people(len(RowStatus)), asked).campaign


def functions(*packages: str) -> Iterator[tuple[str, Function]]:
    """(module, function) of every function, in every class too."""
    for module, tree in modules(*packages).items():
        for node in ast.walk(tree):
            if isinstance(node, Function):
                yield module, node


def calls(node: ast.AST, *names: str) -> Iterator[ast.Call]:
    for one in ast.walk(node):
        if isinstance(one, ast.Call) and last_name(one.func) in names:
            yield one


def pairs(moves: Mapping[Any, frozenset[Any]]) -> Pairs:
    return {(was, to) for was, after in moves.items() for to in after}


# campaigns


def asked_for() -> dict[str, set[str]]:
    """Where a campaign is moved -> the states that are asked for there; {"?"} where that cannot be read."""
    found: dict[str, set[str]] = {}
    for module, function in functions():
        for call in calls(function, "move", "_move"):
            to = next((one.value for one in call.keywords if one.arg == "to"), (call.args + [None] * 3)[2])
            assert to is not None, f"{module}.{function.name} moves to nothing"
            states = members(to, "CampaignState")
            if isinstance(to, ast.Name):
                given = {one.arg for one in [*function.args.args, *function.args.kwonlyargs]}
                if to.id in given and function.name == "_move":
                    continue  # its own callers are read
                for one in ast.walk(function):
                    if isinstance(one, ast.Assign) and to.id in map(last_name, one.targets):
                        states |= members(one.value, "CampaignState")
            found[f"{module}.{function.name}:{call.lineno}"] = states or {"?"}
    return found


def test_every_state_but_the_first_is_the_target_of_a_move() -> None:
    assert set(MOVES) == set(CampaignState)
    targets = {to for _, to in pairs(MOVES)}
    assert targets == set(CampaignState) - {CampaignState.DRAFT}


def test_every_move_is_asked_for_and_none_that_there_is_not() -> None:
    asked = {CampaignState[name] for states in asked_for().values() for name in states}
    assert asked == {to for _, to in pairs(MOVES)}


def test_a_campaigns_state_is_set_by_create_and_move_alone() -> None:
    setting = {
        f"{module}.{function.name}"
        for module, function in functions()
        for call in calls(function, "values", "create")
        for one in call.keywords
        if one.arg == "state" and members(one.value, "CampaignState")
    }
    assert setting == {"storage.queue.campaigns.create"}


def put(installed: Installation, campaign: Campaign, state: CampaignState) -> None:
    """The campaign into a state, past all guards."""
    with installed.database.write() as connection:
        connection.execute(update(campaigns).where(campaigns.c.id == campaign.id).values(state=state))


def state_of(installed: Installation, campaign: Campaign) -> CampaignState:
    with installed.database.read() as connection:
        return campaign_rows.get(connection, campaign.id).state


@pytest.mark.parametrize(("was", "to"), itertools.product(CampaignState, repeat=2))
def test_a_campaign_moves_as_the_table_says_and_no_other_way(
    was: CampaignState, to: CampaignState, installed: Installation, campaign: Campaign
) -> None:
    put(installed, campaign, was)
    if was == to or to in MOVES[was]:
        with installed.database.write() as connection:
            assert campaign_rows.move(connection, campaign.id, to) == was
        assert state_of(installed, campaign) == to
    else:
        refused = pytest.raises(StateError, match=f"is {was}: it cannot become {to}")
        with refused, installed.database.write() as connection:
            campaign_rows.move(connection, campaign.id, to)
        assert state_of(installed, campaign) == was


def test_a_campaign_that_is_not_there_is_an_error_of_its_own(installed: Installation) -> None:
    told = r"there is no campaign nobody\. `campaign list`"
    with installed.database.write() as connection:
        with pytest.raises(RecordMissingError, match=told):
            campaign_rows.get(connection, CampaignId("nobody"))
        with pytest.raises(RecordMissingError, match=told):
            campaign_rows.move(connection, CampaignId("nobody"), CampaignState.PAUSED)


def _ended(installed: Installation, campaign: Campaign, status: RowStatus) -> None:
    with installed.database.write() as connection:
        mine = assets.c.campaign_id == campaign.id
        connection.execute(update(assets).where(mine).values(status=RowStatus.STORED))
        connection.execute(update(assets).where(mine, assets.c.row == 1).values(status=status))


def _settled(status: RowStatus) -> Callable[[Installation, Campaign], None]:
    def settle(installed: Installation, campaign: Campaign) -> None:
        _ended(installed, campaign, status)
        with installed.database.write() as connection:
            campaign_rows.settle(connection, campaign.id)

    return settle


def _retried(installed: Installation, campaign: Campaign) -> None:
    _ended(installed, campaign, RowStatus.FAILED)
    control.retry(installed, campaign.id, actor="test")


def _published(installed: Installation, campaign: Campaign) -> None:
    with installed.database.write() as connection:
        campaign_rows.publish(connection, campaign.id, rows_total=1, start=False)


def _made_again(installed: Installation, campaign: Campaign) -> None:
    with installed.database.write() as connection:
        remake.start(connection, campaign.id)


VERBS: dict[str, Callable[[Installation, Campaign], None]] = {
    "publish": _published,
    "pause": lambda installed, one: control.pause(installed, one.id, reason="", actor="test"),
    "resume": lambda installed, one: control.resume(installed, one.id, actor="test"),
    "cancel": lambda installed, one: control.cancel(installed, one.id, actor="test"),
    "retry": _retried,
    "settle": _settled(RowStatus.STORED),
    "settle with a failed row": _settled(RowStatus.FAILED),
    "make again": _made_again,
}
"""What moves campaigns."""


def test_what_is_done_to_campaigns_makes_every_move_of_the_table(
    installed: Installation, campaign: Campaign
) -> None:
    seen = set()
    for was, verb in itertools.product(CampaignState, VERBS.values()):
        put(installed, campaign, was)
        try:
            verb(installed, campaign)
        except (StateError, ConflictError):
            continue
        now = state_of(installed, campaign)
        if now != was:
            seen.add((was, now))
    assert seen == pairs(MOVES)


# work rows


@dataclass
class Scene:
    """A campaign with an asset and an utterance in every status, all in the name of one worker."""

    connection: Connection
    campaign: Campaign
    assets: dict[RowStatus, int]
    """Status -> id."""
    utterances: dict[RowStatus, str]
    """Status -> key. The shared greeting is stored."""

    @property
    def asset_claims(self) -> list[Claim]:
        return [Claim(one, 1) for one in self.assets.values()]

    @property
    def utterance_claims(self) -> list[Claim]:
        return [Claim(one, 1) for one in self.utterances.values()]

    def set_asset(self, status: RowStatus, **values: Any) -> None:
        self.connection.execute(update(assets).where(assets.c.id == self.assets[status]).values(**values))

    def statuses(self) -> dict[object, str]:
        found = dict(self.connection.execute(select(assets.c.id, assets.c.status)).tuples().all())
        made = self.connection.execute(select(utterances.c.key, utterances.c.status)).tuples().all()
        return {**found, **dict(made)}


def staged(connection: Connection, campaign: Campaign) -> Scene:
    ids = list(connection.scalars(select(assets.c.id).order_by(assets.c.row)))
    by_asset = dict(
        connection.execute(
            select(asset_utterances.c.asset_id, asset_utterances.c.utterance_key).where(
                asset_utterances.c.position == 1
            )
        )
        .tuples()
        .all()
    )
    connection.execute(update(utterances).values(status=RowStatus.STORED, pcm_sha256="0"))
    scene = Scene(connection, campaign, {}, {})
    held = {"worker": WORKER, "attempt": 1, "claimed_with": 1, "lease_until_ms": 0}
    for id_, status in zip(ids, RowStatus, strict=True):
        scene.assets[status], scene.utterances[status] = id_, by_asset[id_]
        connection.execute(update(assets).where(assets.c.id == id_).values(status=status, watch=None, **held))
        connection.execute(
            update(utterances).where(utterances.c.key == by_asset[id_]).values(status=status, **held)
        )
    return scene


def _claimed(scene: Scene) -> None:
    for work in (UTTERANCES, ASSETS):
        leases.claim(scene.connection, work, campaign_id=scene.campaign.id, worker="w2", lease_ms=1, limit=99)


def _claimed_suspects(scene: Scene) -> None:
    for work in (UTTERANCES, ASSETS):
        scene.connection.execute(update(work.table).values(expiries=1))
        leases.claim_suspects(scene.connection, work, campaign_id=scene.campaign.id, worker="w2", lease_ms=1)


def _released(scene: Scene) -> None:
    leases.release(scene.connection, UTTERANCES, scene.utterance_claims, worker=WORKER)
    leases.release(scene.connection, ASSETS, scene.asset_claims, worker=WORKER)


def _postponed(scene: Scene) -> None:
    for work, claims in ((UTTERANCES, scene.utterance_claims), (ASSETS, scene.asset_claims)):
        for held in claims:
            leases.postpone(
                scene.connection, work, held, worker=WORKER, delay_ms=1, code="busy", reason="busy"
            )


def _expired(scene: Scene) -> None:
    scene.set_asset(RowStatus.CLAIMED, deaths_alone=DEATHS_TO_QUARANTINE - 1)
    for work in (UTTERANCES, ASSETS):
        leases.expire(scene.connection, work)


def _suspected(scene: Scene) -> None:
    scene.set_asset(RowStatus.CLAIMED, deaths_alone=DEATHS_TO_QUARANTINE - 1)
    leases.suspect(scene.connection, UTTERANCES, scene.utterance_claims, worker=WORKER)
    leases.suspect(scene.connection, ASSETS, scene.asset_claims, worker=WORKER)


def _stored_utterances(scene: Scene) -> None:
    made = [
        StoredUtterance(
            claim=held,
            pcm_key=f"cache/{held.key}",
            pcm_sha256="0",
            size_bytes=1,
            samples=1,
            rate_hz=1,
            run_id="r",
        )
        for held in scene.utterance_claims
    ]
    utterance_rows.store(scene.connection, made, worker=WORKER)


def _stored_assets(scene: Scene) -> None:
    finished = [
        StoredAsset(
            voice=None,
            claim=held,
            version=1,
            object_key=f"campaigns/{held.key}",
            sha256="0",
            sound_sha256="0",
            size_bytes=1,
            content_type="audio/wav",
            codec="wav",
            codec_settings={},
            samples=1,
            rate_hz=1,
            loudness_lufs=None,
            true_peak_dbtp=None,
            timebase=(0,),
            run_ids=("r",),
        )
        for held in scene.asset_claims
    ]
    asset_rows.store(scene.connection, finished, campaign_id=scene.campaign.id, worker=WORKER)


def _failures(claims: list[Claim]) -> list[Failure]:
    return [Failure(claim=held, code="no-sound", reason="nothing") for held in claims]


def _failed_through(scene: Scene) -> None:
    scene.set_asset(RowStatus.PENDING, watch=scene.utterances[RowStatus.FAILED])
    scene.set_asset(RowStatus.CLAIMED, watch=scene.utterances[RowStatus.FAILED])
    utterance_rows.fail_dependents(scene.connection)


def _quarantined_through(scene: Scene) -> None:
    scene.set_asset(RowStatus.PENDING, watch=scene.utterances[RowStatus.QUARANTINED])
    utterance_rows.fail_dependents(scene.connection)


def _failed_utterances(scene: Scene) -> None:
    utterance_rows.fail(scene.connection, _failures(scene.utterance_claims), worker=WORKER)


def _failed_assets(scene: Scene) -> None:
    asset_rows.fail(scene.connection, _failures(scene.asset_claims), worker=WORKER)


def _waiting_again(scene: Scene) -> None:
    key = scene.utterances[RowStatus.PENDING]
    for held in scene.asset_claims:
        asset_rows.wait_again(scene.connection, held, key, worker=WORKER)


def _reopened_broken(scene: Scene) -> None:
    demand.reopen_broken(scene.connection, select(asset_utterances.c.utterance_key), scene.campaign.id)


def _taken_up(scene: Scene) -> None:
    key = scene.utterances[RowStatus.STORED]
    remake.add_places(scene.connection, [(one, 2, 0, key, None, None) for one in scene.assets.values()])
    remake.plan_added(scene.connection, scene.campaign.id)


def _new_takes(scene: Scene) -> None:
    found = takes.places(scene.connection, scene.campaign.id, range(1, len(RowStatus) + 1))
    anew = [PlannedTake(one, f"{one.asset_id}-2", {}) for one in found]
    takes.plan_takes(scene.connection, scene.campaign.id, anew)


def _chosen(scene: Scene) -> None:
    for one in scene.assets.values():
        reviews.choose(scene.connection, one, 1)


def _erased(scene: Scene) -> None:
    leaves = dict.fromkeys(range(1, len(RowStatus) + 1), "leaf")
    erasure.erase_rows(scene.connection, scene.campaign.id, leaves, secret=b"s" * 32, wait_ms=0)


def _everybody(scene: Scene) -> list[str]:
    return list(scene.connection.scalars(select(recipients.c.person)))


def _opted_out(scene: Scene) -> None:
    suppressions.stop_everywhere(scene.connection, _everybody(scene))


def _opted_out_of_the_next(scene: Scene) -> None:
    scene.connection.execute(update(assets).values(current_version=1))
    _opted_out(scene)


def _listed(scene: Scene) -> None:
    rows = [{"person": one, "source": "test", "actor": "test", "t_ms": 1} for one in _everybody(scene)]
    scene.connection.execute(insert(suppression_table), rows)


def _stopped(scene: Scene) -> None:
    _listed(scene)
    suppressions.stop(scene.connection, scene.campaign.id)


def _stopped_at_the_claim(scene: Scene) -> None:
    _listed(scene)
    suppressions.stop_claimed(scene.connection, list(scene.assets.values()), worker=WORKER)


def _amended(status: RowStatus) -> Callable[[Scene], None]:
    def amend(scene: Scene) -> None:
        failed = scene.assets[RowStatus.FAILED]
        scene.connection.execute(delete(asset_utterances).where(asset_utterances.c.asset_id == failed))
        amendment = amendments.Amendment(
            row=failed & 0xFFFFFFFF,
            recipient={"locale": "en"},
            status=status,
            code=None,
            reason=None,
            column=None,
            characters=0,
        )
        amendments.replace(scene.connection, scene.campaign.id, [amendment], utterances=[], places=[])

    return amend


PLACES: dict[str, list[Callable[[Scene], Any]]] = {
    "storage.erasing.erasure.erase_rows": [_erased],
    "storage.queue.amendments.replace": [_amended(RowStatus.PENDING), _amended(RowStatus.SUPPRESSED)],
    "storage.queue.assets.store": [_stored_assets],
    "storage.queue.assets.wait_again": [_waiting_again],
    "storage.queue.campaigns.move": [
        lambda scene: campaign_rows.move(scene.connection, scene.campaign.id, CampaignState.CANCELLED)
    ],
    "storage.queue.campaigns.reopen_rows": [
        lambda scene: campaign_rows.reopen_rows(scene.connection, scene.campaign.id)
    ],
    "storage.queue.leases.claim": [_claimed],
    "storage.queue.leases.claim_suspects": [_claimed_suspects],
    "storage.queue.leases.expire": [_expired],
    "storage.queue.leases.fail": [_failed_utterances, _failed_assets],
    "storage.queue.leases.postpone": [_postponed],
    "storage.queue.leases.release": [_released],
    "storage.queue.leases.release_all": [lambda scene: leases.release_all(scene.connection, worker=WORKER)],
    "storage.queue.leases.suspect": [_suspected],
    "storage.queue.demand.reopen_broken": [_reopened_broken],
    "storage.queue.remake.forget_sound": [
        lambda scene: remake.forget_sound(scene.connection, scene.campaign.id)
    ],
    "storage.queue.remake.plan_same": [lambda scene: remake.plan_same(scene.connection, scene.campaign.id)],
    "storage.queue.remake.plan_added": [_taken_up],
    "storage.queue.reviews.choose": [_chosen],
    "storage.queue.takes.plan_takes": [_new_takes],
    "storage.queue.suppressions.stop_everywhere": [_opted_out, _opted_out_of_the_next],
    "storage.queue.suppressions.stop": [_stopped],
    "storage.queue.suppressions.stop_claimed": [_stopped_at_the_claim],
    "storage.queue.utterances.fail_dependents": [_failed_through, _quarantined_through],
    "storage.queue.utterances.reopen": [
        lambda scene: utterance_rows.reopen(
            scene.connection, list(scene.utterances.values()), campaign_id=scene.campaign.id
        )
    ],
    "storage.queue.utterances.store": [_stored_utterances],
}
"""Every function that sets a row's status, and how it is tried."""


def says_status(node: ast.AST) -> bool:
    """Whether it is a table such as `leases.FRESH`: from "status" to one of them."""
    return isinstance(node, ast.Dict) and any(
        isinstance(key, ast.Constant) and key.value == "status" and bool(members(value, "RowStatus"))
        for key, value in zip(node.keys, node.values, strict=True)
    )


def setting_status() -> set[str]:
    """Every public function that sets a status, by itself or through the private ones of its module.

    Read as setting one: `.values(status=...)`, and a table that says a status, here or as a name of its own.
    """
    named = {
        last_name(target)
        for tree in modules().values()
        for one in tree.body
        if isinstance(one, ast.Assign) and says_status(one.value)
        for target in one.targets
    }
    own: set[tuple[str, str]] = set()
    called: dict[tuple[str, str], set[str]] = {}
    for module, function in functions():
        nodes = list(ast.walk(function))
        sets = any(one.arg == "status" for call in calls(function, "values") for one in call.keywords)
        sets |= any(last_name(one) in named for one in nodes if isinstance(one, ast.expr))
        sets |= any(says_status(one) for one in nodes)
        called[module, function.name] = {
            last_name(one.func) for one in ast.walk(function) if isinstance(one, ast.Call)
        }
        if sets:
            own.add((module, function.name))
    while private := {one for one in own if one[1].startswith("_")}:
        own -= private
        for module, name in private:
            callers = {one for one, names in called.items() if one[0] == module and name in names}
            assert callers, f"{module}.{name} sets a status and nobody calls it"
            own |= callers
    return {f"{module}.{name}" for module, name in own}


def moved_by(place: str, installed: Installation, campaign: Campaign) -> Pairs:
    seen: Pairs = set()
    for act in PLACES[place]:
        with installed.database.engine.connect() as connection:
            scene = staged(connection, campaign)
            before = scene.statuses()
            act(scene)
            after = scene.statuses()
            seen |= {(was, after[one]) for one, was in before.items() if after.get(one, was) != was}
            connection.rollback()
    return seen


def test_everything_that_sets_a_rows_status_is_tried_here() -> None:
    assert setting_status() == set(PLACES)


@pytest.mark.parametrize("place", PLACES)
def test_a_row_moves_as_the_table_says(place: str, installed: Installation, campaign: Campaign) -> None:
    seen = moved_by(place, installed, campaign)
    assert seen, "it moved nothing: it was tried on the wrong rows"
    assert seen <= pairs(ROW_MOVES)


def test_every_move_of_the_table_is_made_by_somebody(installed: Installation, campaign: Campaign) -> None:
    seen = set().union(*(moved_by(place, installed, campaign) for place in PLACES))
    assert seen == pairs(ROW_MOVES)


def test_every_status_is_a_first_one_or_the_target_of_a_move() -> None:
    assert set(ROW_MOVES) == set(RowStatus)
    assert FIRST_STATUSES | {to for _, to in pairs(ROW_MOVES)} == set(RowStatus)


def test_rows_are_written_with_the_first_statuses() -> None:
    written = set()
    for _, function in functions():
        if any(calls(function, "insert_rows", "row_status_of")) or function.name == "row_status_of":
            for node in ast.walk(function):
                if isinstance(node, ast.Tuple | ast.Return):
                    written |= members(node, "RowStatus")
    assert {RowStatus[name] for name in written} == FIRST_STATUSES


# uploads


NOTHING = intakes.Found(
    rows=0, by_outcome={}, by_language={}, by_type={}, by_warning={}, problems=[], duplicates=[]
)
UPLOADS_BECOME: dict[IntakeState, Callable[[Connection], None]] = {
    IntakeState.EXPECTED: lambda connection: intakes.expect_again(
        connection, CampaignId("mine"), brief={}, starts=True
    ),
    IntakeState.UPLOADED: lambda connection: intakes.acknowledge(
        connection, CampaignId("mine"), encoding="utf-8", sha256="0" * 64, size_bytes=1
    ),
    IntakeState.READING: lambda connection: intakes.begin_reading(connection, CampaignId("mine")),
    IntakeState.READ: lambda connection: intakes.end_reading(
        connection, CampaignId("mine"), preflight=NOTHING
    ),
    IntakeState.REFUSED: lambda connection: intakes.refuse(connection, CampaignId("mine"), problem="no"),
}
SAID_WHEN = {IntakeState.READING: "before", IntakeState.REFUSED: "no"}
"""What is said of an upload after its move; nothing after the others."""


@pytest.mark.parametrize(("was", "to"), itertools.product(IntakeState, repeat=2))
def test_an_upload_moves_as_the_table_says_and_no_other_way(
    was: IntakeState, to: IntakeState, installed: Installation
) -> None:
    with installed.database.write() as connection:
        intakes.expect(connection, CampaignId("mine"), brief={}, starts=False, actor="test")
        connection.execute(update(intake_table).values(state=was, problem="before"))
    expected: tuple[IntakeState, str | None] = (was, "before")
    if was == to or to in INTAKE_MOVES[was]:
        with installed.database.write() as connection:
            UPLOADS_BECOME[to](connection)
        expected = (to, SAID_WHEN.get(to))
    else:
        refused = pytest.raises(StateError, match=f"mine cannot become {to}")
        with refused, installed.database.write() as connection:
            UPLOADS_BECOME[to](connection)
    with installed.database.read() as connection:
        found = intakes.find(connection, CampaignId("mine"))
    assert found is not None
    assert (found.state, found.problem) == expected


def test_every_state_of_an_upload_is_set_by_somebody() -> None:
    assert set(INTAKE_MOVES) == set(IntakeState)
    written: set[str] = set()
    for tree in modules(*PACKAGES).values():
        for node in ast.walk(tree):
            if isinstance(node, ast.keyword) and node.arg == "state":
                written |= members(node.value, "IntakeState")
        for call in calls(tree, "_become"):
            written |= members(call.args[2], "IntakeState")
    first = {IntakeState.EXPECTED}
    assert {IntakeState[name] for name in written} == first | {to for _, to in pairs(INTAKE_MOVES)}
    assert set(IntakeState) == {IntakeState[name] for name in written}
