"""Presets, pins and channels: who speaks, with which weights, under which name."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Body, Response
from fastapi import Path as InPath

from campaign.errors import ConflictError
from campaign.registry import channels
from campaign.registry.catalogue import shipped_catalogue
from campaign.registry.catalogue.speakers import list_speakers, pins_here
from campaign.registry.channels import Promotion
from campaign.registry.pins import NewModel, add_model, find_pin
from campaign.registry.presets import NewPreset, add_preset, retire_preset, revoke_preset
from campaign.registry.voice import find_preset
from campaign.service.access import Promoter, Reader
from campaign.service.problems import FieldProblem, ProblemError
from campaign.service.routes.context import PROBLEMS, TheInstallation
from campaign.service.views import voices as views
from storage.names import ChannelName
from storage.registry import pins as pin_rows
from storage.registry import presets as preset_rows
from storage.registry.pins import Pin
from storage.registry.presets import Preset, PresetRecord
from storage.scratch import scratch_folder
from workers.presets import standing

router = APIRouter(prefix="/v1", tags=["voices"], responses=PROBLEMS)
Label = Annotated[str, InPath(min_length=1, max_length=100)]
SHOWN_RECORDS = 50


@router.get("/presets")
def presets(_caller: Reader, installation: TheInstallation) -> list[views.Preset]:
    """Every version of every frozen speaker."""
    with installation.database.read() as connection:
        return [
            preset_view(preset, preset_rows.records(connection, preset))
            for preset in preset_rows.all_presets(connection)
        ]


@router.post("/presets", status_code=201)
def add(
    new_preset: views.PresetIn, caller: Promoter, installation: TheInstallation, response: Response
) -> views.AddedPreset:
    """Freeze a speaker as the next version of a name. The same sound again gives the same version."""
    with scratch_folder(installation.settings, "preset") as folder:
        added = add_preset(
            installation,
            NewPreset(
                name=new_preset.name,
                engine=new_preset.engine,
                model=new_preset.model,
                audio=None
                if new_preset.audio is None
                else _file(folder / "recording", "audio", new_preset.audio),
                text=new_preset.text,
                consent=None if new_preset.consent is None else _consent_file(folder, new_preset.consent),
                table=new_preset.table,
                language=new_preset.language,
                use_case=new_preset.use_case,
                tags=tuple(new_preset.tags),
                source=new_preset.source,
                despite=tuple(new_preset.despite),
            ),
            actor=caller.name,
        )
    with installation.database.read() as connection:
        shown = preset_view(added.preset, preset_rows.records(connection, added.preset))
    response.status_code = 201 if added.is_new else 200
    return views.AddedPreset(preset=shown, is_new=added.is_new, advice=list(added.advice))


def _file(path: Path, field: str, encoded: str) -> Path:
    try:
        path.write_bytes(base64.b64decode(encoded, validate=True))
    except ValueError as exc:  # a sign that is none of base64, or not ASCII at all
        problem = FieldProblem(field=field, code="base64", reason=f"is not base64: {exc}")
        raise ProblemError(422, f"{field} is not base64. Encode the file's bytes.", fields=[problem]) from exc
    return path


def _consent_file(folder: Path, consent: views.ConsentIn) -> Path:
    """As `campaign.registry.consent` reads it: JSON's strings and lists are TOML's, dates stand without quotes."""
    proof = _file(folder / "proof", "consent.proof", consent.proof)
    fields = consent.model_dump(mode="json") | {"proof": proof.name}
    dates = {"given", *([] if consent.until == "revoked" else ["until"])}
    lines = [f"{key} = {value if key in dates else json.dumps(value)}\n" for key, value in fields.items()]
    path = folder / "consent.toml"
    path.write_text("".join(lines), encoding="utf-8")
    return path


@router.post("/presets/{label}/retire", status_code=204)
def retire(
    label: Label,
    reason: Annotated[str, Body(embed=True, min_length=1, max_length=500)],
    caller: Promoter,
    installation: TheInstallation,
) -> None:
    """Let no new campaign use a voice; those already submitted continue."""
    retire_preset(installation, label, reason=reason, actor=caller.name)


@router.get("/presets/{label}")
def preset(label: Label, _caller: Reader, installation: TheInstallation) -> views.Preset:
    """One frozen speaker, `name@version` or the newest of `name`."""
    with installation.database.read() as connection:
        stored = find_preset(connection, label)
        return preset_view(stored, preset_rows.records(connection, stored))


@router.post("/presets/{label}/revoke")
def revoke(
    label: Label,
    reason: Annotated[str, Body(embed=True, min_length=1, max_length=500)],
    caller: Promoter,
    installation: TheInstallation,
) -> views.Revocation:
    """End the use of a voice for good; campaigns that use it stop."""
    revoked = revoke_preset(installation, label, reason=reason, actor=caller.name)
    return views.Revocation(paused=list(revoked.paused), delivered=len(revoked.delivered))


@router.get("/pins")
def pins(_caller: Reader, installation: TheInstallation) -> list[views.Pin]:
    """Every pin."""
    with installation.database.read() as connection:
        return [pin_view(pin) for pin in pin_rows.all_pins(connection)]


@router.post("/pins", status_code=201)
def pin_weights(
    new_pin: views.PinIn, caller: Promoter, installation: TheInstallation, response: Response
) -> views.AddedPin:
    """Pin a folder of weights. The same weights again give the same pin; other weights under its name are refused."""
    added, is_new = add_model(
        installation,
        NewModel(
            name=new_pin.name,
            engine=new_pin.engine,
            folder=_folder_of_weights(installation.settings.models_folder, new_pin.folder),
            licence=new_pin.licence,
            purposes=tuple(new_pin.purposes),
            languages=tuple(new_pin.languages),
        ),
        actor=caller.name,
    )
    response.status_code = 201 if is_new else 200
    return views.AddedPin(pin=pin_view(added), is_new=is_new)


def _folder_of_weights(root: Path | None, name: str) -> Path:
    """A folder below `root`, and nowhere else, whatever links there are."""
    if root is None:
        raise ConflictError(
            "this service may not read folders of weights. Set CAMPAIGN_MODELS_FOLDER, or use `campaign model add`."
        )
    folder = (root / name).resolve()
    if not folder.is_relative_to(root.resolve()) or not folder.is_dir():
        field = FieldProblem(field="folder", code="missing", reason="there is no such folder of weights")
        raise ProblemError(422, f"folder: there is no folder {name} below models_folder.", fields=[field])
    return folder


@router.get("/pins/{pin}")
def pin(pin: Label, _caller: Reader, installation: TheInstallation) -> views.Pin:
    """One pin, by its id or a channel's name."""
    with installation.database.read() as connection:
        return pin_view(find_pin(connection, pin))


@router.get("/catalogue")
def catalogue(_caller: Reader, installation: TheInstallation) -> list[views.CatalogueModel]:
    """Models that can be fetched, with their speakers. `POST /v1/speech` with `{"speaker": name}` lets one be heard."""
    with installation.database.read() as connection:
        pins = pins_here(connection)
    speakers: dict[str, list[views.CatalogueSpeaker]] = {}
    for one in list_speakers():
        speakers.setdefault(one.entry.name, []).append(
            views.CatalogueSpeaker(
                name=one.speaker.name,
                language=one.speaker.language,
                gender=one.speaker.gender,
                grade=one.speaker.grade,
                sample=one.sample,
            )
        )
    return [
        views.CatalogueModel(
            name=entry.name,
            title=entry.title,
            role=entry.role,
            licence=entry.licence,
            attribution=entry.attribution,
            purposes=list(entry.purposes),
            languages=list(entry.languages),
            size_bytes=entry.size,
            pin=pins[entry.name].id if entry.name in pins else None,
            command=f"campaign voice get {entry.name}",
            speakers=speakers.get(entry.name, []),
        )
        for entry in shipped_catalogue().entries
    ]


@router.get("/channels")
def all_channels(_caller: Reader, installation: TheInstallation) -> list[views.Channel]:
    """Which pin each channel means now."""
    with installation.database.read() as connection:
        return [
            views.Channel(name=name, pin=pin_id)
            for name, pin_id in sorted(pin_rows.all_channels(connection).items())
        ]


@router.get("/channels/{channel}/history")
def history(channel: ChannelName, _caller: Reader, installation: TheInstallation) -> list[views.ChannelMove]:
    """Every move, oldest first."""
    return [
        views.ChannelMove(
            from_pin=move.from_pin,
            to_pin=move.to_pin,
            kind=move.kind,
            reason=move.reason,
            actor=move.actor,
            t_ms=move.t_ms,
        )
        for move in channels.history(installation, channel)
    ]


@router.post("/channels/{channel}/promote")
def promote(
    channel: ChannelName, promotion: views.Promotion, caller: Promoter, installation: TheInstallation
) -> views.Move:
    """Point a channel at a pin. It needs a passing verdict and a person who heard the voice."""
    moved = channels.promote(
        installation,
        Promotion(
            pin=promotion.pin,
            channel=channel,
            reason=promotion.reason,
            identity_confirmed_by=promotion.identity_confirmed_by,
            override_by=promotion.override_by,
            gate=promotion.gate,
        ),
        actor=caller.name,
    )
    return views.Move(channel=channel, was=moved.before, now=moved.pin)


@router.post("/channels/{channel}/rollback")
def rollback(
    channel: ChannelName, rollback_in: views.Rollback, caller: Promoter, installation: TheInstallation
) -> views.Move:
    """Point a channel back at what was live before."""
    moved = channels.rollback(installation, channel, reason=rollback_in.reason, actor=caller.name)
    return views.Move(channel=channel, was=moved.before, now=moved.pin)


def preset_view(preset: Preset, records: list[PresetRecord]) -> views.Preset:
    """A speaker as it is shown."""
    return views.Preset(
        name=preset.name,
        version=preset.version,
        engines=sorted(preset.parameters),
        cloned=preset.reference_key is not None,
        use_case=preset.use_case,
        tags=preset.tags,
        provenance=dict(preset.provenance),
        records=[
            {
                "kind": record.kind,
                "body": standing.shown_body(record),
                "actor": record.actor,
                "t_ms": record.t_ms,
            }
            for record in records[-SHOWN_RECORDS:]
        ],
        problem=standing.retirement(preset.label, records) or standing.revocation(preset.label, records),
    )


def pin_view(pin: Pin) -> views.Pin:
    """A pin as it is shown."""
    return views.Pin(
        id=pin.id,
        engine=pin.engine,
        repo=pin.repo,
        revision=pin.revision,
        digest=pin.digest,
        licence=pin.licence,
        attribution=pin.attribution,
        purposes=list(pin.purposes),
        capabilities=dict(pin.capabilities),
        t_created_ms=pin.t_created_ms,
    )
