"""What crosses the border of `storage`: frozen records, one a row or a joined row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any, NamedTuple

from pydantic import JsonValue

from storage.lock import Lock
from storage.names import CampaignId
from storage.tables import CampaignState, Lane, RowStatus

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

JsonObject = Mapping[str, JsonValue]
"""What a JSON column holds and nothing here looks into: a model of a room above reads it."""


def columns_of(kind: type[DataclassInstance], record: DataclassInstance) -> dict[str, object]:
    """The fields of `kind` in a record by name, as an insert takes them; what knows how to be JSON is."""
    return {
        item.name: value.as_json() if isinstance(value := getattr(record, item.name), Lock) else value
        for item in fields(kind)
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class SpokenWith:
    """What a campaign speaks with; a re-make may exchange all of it."""

    brief: JsonObject
    lock: Lock
    preset: str
    pin_id: str
    engine: str
    engine_revision: int
    speech_revision: int
    finish_revision: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCampaign(SpokenWith):
    """A job that is submitted."""

    id: CampaignId
    lane: Lane
    name: str
    purpose: str
    content_digest: str
    finish_profile: JsonObject
    error_budget: float | None
    source: str
    trace_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaign(NewCampaign):
    """One submitted job."""

    number: int
    state: CampaignState
    state_reason: str | None
    opt_outs: Sequence[JsonObject] | None
    """What each opt-out list held and met; None until the last row is in."""
    rows_total: int | None
    repins: int
    """How often a re-make changed what it speaks with."""
    t_created_ms: int
    t_start_ms: int | None
    """When a campaign that is held starts by itself."""
    t_queued_ms: int | None
    t_finished_ms: int | None
    t_reported_ms: int | None
    report_problem: str | None
    """Why manifest and report are not out, when somebody last tried."""

    @property
    def waits_for_its_time(self) -> bool:
        """Whether it is held and starts by itself."""
        return self.state == CampaignState.VALIDATED and self.t_start_ms is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Runnable:
    """A running campaign, as a worker that looks for work sees it."""

    id: CampaignId
    lane: Lane
    engine: str
    engine_revision: int
    finish_revision: int
    preset: str
    pin_id: str
    repins: int


class GpuSample(NamedTuple):
    """What NVML said at one moment; kept as a list."""

    t_ms: float
    """On the database's clock, once it is kept."""
    power_w: float | None
    clock_mhz: float | None
    utilisation: float | None
    """0 to 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunDescriptor:
    """One attempt at an utterance, with what can be known and None for what cannot: a row of `runs`.

    Times are on the database's clock.
    """

    run_id: str
    utterance_key: str
    """The synthesis key."""
    campaign_id: CampaignId
    attempt: int
    outcome: str
    """`stored`, `fenced` (another worker was quicker), or a failure's code."""
    lane: Lane
    worker: str
    host_class: str | None
    clock_offset_ms: int | None
    """Database's clock minus the worker's; taken into account in the times."""
    t_submit_ms: int | None
    t_claim_ms: int | None
    t_first_token_ms: int | None
    t_last_token_ms: int | None
    t_stored_ms: int | None
    model_repo: str | None
    model_hash: str | None
    vocoder_repo: str | None
    vocoder_hash: str | None
    pin_id: str
    preset: str
    preset_digest: str
    lexicons: Mapping[str, str] | None
    """Label -> digest."""
    engine: str
    engine_version: str
    engine_revision: int
    numeric_class: str
    gpu_model: str | None
    gpu_uuid: str | None
    clock_mhz: float | None
    power_w: float | None
    util_gpu: float | None
    energy_joules: float | None
    energy_source: str | None
    """How it was shared out, or why it cannot be."""
    driver_version: str | None
    sample_rate_hz: int | None
    bit_depth: int | None
    codec: str | None
    codec_settings: JsonObject | None
    input_text_hash: str | None
    """Keyed under the installation secret."""
    ref_audio_hashes: Sequence[Mapping[str, str]]
    output_audio_hash: str | None
    duration_ms: int | None
    batch_id: str
    batch_size: int
    batch_position: int
    frames: int | None
    """Of this utterance: the engine's, or samples."""
    batch_frames: int | None
    queue_depth: int | None
    seed: int | None
    nfe: int | None
    failed_promotion: bool = False
    """Whether a gate refused the pin."""
    versions: Mapping[str, str]
    """Of each package that took part."""
    trace_id: str
    notes: JsonObject


@dataclass(frozen=True, slots=True, kw_only=True)
class UtteranceWork:
    """An utterance in a worker's hands."""

    claim: Claim
    campaign_id: CampaignId
    spec: JsonObject
    preset: str
    pin_id: str
    characters: int

    @property
    def key(self) -> str:
        """The synthesis key."""
        key: str = self.claim.key
        return key


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredUtterance:
    """What a worker reports of an utterance it made."""

    claim: Claim
    pcm_key: str
    pcm_sha256: str
    size_bytes: int
    samples: int
    rate_hz: int
    run_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptedUtterances:
    """What a commit of utterances did."""

    keys: set[str]
    """Stored by it; the rest was fenced, or nobody needs it any more."""
    watched: set[str]
    """What assets that waited for these wait for now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AssetPart:
    """One utterance of an asset, in its place."""

    utterance_key: str
    characters: int
    pause_after_ms: int | None
    pcm_key: str
    pcm_sha256: str
    """Of the samples as little-endian 16-bit."""
    rate_hz: int
    run_id: str
    words: SpokenWords | None = None
    """Only where somebody listens, writes captions or helps values."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpokenWords:
    """What an utterance says, for whoever listens to it."""

    spec: JsonObject
    """As the engine was given it."""
    value_places: Sequence[Sequence[JsonValue]]
    """[kind, first word, one past the last, column] of each value."""
    heard: JsonObject | None
    """How its sound was judged before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AssetUtterance:
    """One utterance of an asset as it stands."""

    key: str
    status: RowStatus
    code: str | None
    reason: str | None
    characters: int
    pause_after_ms: int | None
    pcm_key: str | None
    pcm_sha256: str | None
    rate_hz: int | None
    run_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AssetWork:
    """An asset in a worker's hands, with everything that finishing needs."""

    claim: Claim
    campaign_id: CampaignId
    row: int
    recipient_hmac: str
    language: str
    voice: str | None
    """What the brief's `presets` calls the row's preset; None: the campaign's own."""
    characters: int
    version: int
    parts: tuple[AssetPart, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredCaptions:
    """Captions that lie beside a file: an object of its own, kept, found and removed as the file is."""

    key: str
    sha256: str
    size_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TakePlace:
    """One utterance of a row's planned version."""

    asset_id: int
    version: int
    position: int
    key: str
    """The synthesis key."""
    pause_after_ms: int | None
    value_places: Sequence[Sequence[JsonValue]] | None
    """As `asset_utterances` keeps them."""
    voice: str | None
    """What the brief's `presets` calls the row's preset; None: the campaign's own."""
    rank: int
    spec: JsonObject
    preset: str
    pin_id: str
    engine: str
    engine_revision: int
    characters: int


@dataclass(frozen=True, slots=True)
class PlannedTake:
    """What a place of the next version says."""

    place: TakePlace
    key: str
    spec: JsonObject


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredAsset:
    """What a worker reports of an asset it finished: one asset version."""

    claim: Claim
    voice: str | None
    """As in `AssetWork`."""
    version: int
    object_key: str
    sha256: str
    sound_sha256: str
    size_bytes: int
    content_type: str
    codec: str
    codec_settings: JsonObject
    samples: int
    rate_hz: int
    loudness_lufs: float | None
    true_peak_dbtp: float | None
    timebase: tuple[int, ...]
    run_ids: tuple[str, ...]
    listening: JsonObject | None = None
    """What a recogniser heard in it; None: nobody listened."""
    likeness: float | None = None
    """Of its voice to its preset's print, -1 to 1; None: not scored."""
    unheard: Failure | None = None
    """Why it is not delivered although it was made: kept for a person's ear."""
    next_takes: tuple[PlannedTake, ...] = ()
    """The whole next version of one that is not delivered, where it is to be made without anybody's asking."""
    heard: Mapping[str, JsonObject] = field(default_factory=dict)
    """Synthesis key to how that utterance's sound was judged now."""
    captions: tuple[StoredCaptions, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """Why a row cannot be made."""

    claim: Claim
    code: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Where a campaign's rows are."""

    by_status: Mapping[str, int]
    utterances_by_status: Mapping[str, int]

    @property
    def rows(self) -> int:
        """All rows."""
        return sum(self.by_status.values())

    @property
    def open_rows(self) -> int:
        """Rows that are not terminal."""
        return self.by_status.get("pending", 0) + self.by_status.get("claimed", 0)

    @property
    def errors(self) -> int:
        """Rows that ended without a file and were meant to have one."""
        return self.by_status.get("failed", 0) + self.by_status.get("quarantined", 0)


@dataclass(frozen=True, slots=True)
class Claim:
    """A row this worker holds, until its lease runs out."""

    key: Any
    attempt: int
    """The fence."""
