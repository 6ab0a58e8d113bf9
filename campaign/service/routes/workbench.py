"""The author's workbench: renderings, previews, examples, names, cost, what a lexicon would change, review."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, cast

from fastapi import APIRouter, Query, Request, Response
from fastapi import Path as InPath

from campaign.brief import read_brief
from campaign.errors import NotFoundError
from campaign.evidence.captions import captions_of
from campaign.evidence.explain import explain
from campaign.operations import control
from campaign.preview import workbench
from campaign.preview.names import carrier
from campaign.rerender import impact, review
from campaign.service.access import Reader, Submitter
from campaign.service.problems import FieldProblem, ProblemError
from campaign.service.ranges import part_of
from campaign.service.routes.campaigns import PARTS, snapshot, view_of
from campaign.service.routes.context import PROBLEMS, Id, TheContext, TheInstallation
from campaign.service.views import workbench as views
from campaign.service.views.campaigns import Campaign
from campaign.submission.estimate import estimate
from campaign.submission.listening import ChosenListening
from campaign.submission.submit import Submission
from storage.queue import held as held_rows
from workers.finish.encoding import CODECS
from workers.finish.profile import Codec

router = APIRouter(prefix="/v1", tags=["workbench"], responses=PROBLEMS)
SHOWN = 200


@router.post("/renderings")
def rendering(
    request: views.RenderingIn, _caller: Submitter, installation: TheInstallation
) -> views.Rendering:
    """What one recipient would hear, as text; the error is the row's where it cannot be said."""
    loaded = read_brief(
        request.brief.written, label="the brief", folder=None, defaults=installation.settings.defaults
    )
    rendered = workbench.render(installation, loaded, request.locale, request.fields)
    return views.Rendering(
        template=rendered.template, script=rendered.script, spoken=rendered.spoken, trace=dict(rendered.trace)
    )


@router.post("/previews", status_code=202)
def preview(request: views.PreviewIn, caller: Submitter, context: TheContext) -> Campaign:
    """Speak a few rows exactly as they will be sent."""
    loaded = read_brief(
        request.brief.written,
        label="the brief",
        folder=None,
        defaults=context.installation.settings.defaults,
    )
    return _under_way(
        context, workbench.try_rows(context.installation, loaded, request.rows, actor=caller.name)
    )


@router.post("/campaigns/{campaign_id}/examples", status_code=202)
def examples(
    campaign_id: Id, caller: Submitter, context: TheContext, rows: Annotated[int, Query(ge=1, le=20)] = 5
) -> Campaign:
    """Speak a few rows of a campaign before it is started; what has been made is not made again."""
    campaign = control.find_campaign(context.installation, campaign_id)
    return _under_way(context, workbench.examples(context.installation, campaign, rows, actor=caller.name))


@router.get("/campaigns/{campaign_id}/estimate")
def expected(campaign_id: Id, _caller: Reader, installation: TheInstallation) -> views.Estimate:
    """What a campaign will take: distinct utterances, seconds of sound, time and cost."""
    campaign = control.find_campaign(installation, campaign_id)
    counted = estimate(
        installation,
        installation.database,
        campaign.id,
        presets=campaign.lock.preset_labels,
        pin_id=campaign.pin_id,
        listening=ChosenListening(locked=campaign.lock.listening),
    )
    return views.Estimate.model_validate(asdict(counted) | {"saved_by_sharing": counted.saved_by_sharing})


@router.get("/campaigns/{campaign_id}/rows/{row}")
def row(
    campaign_id: Id,
    row: Annotated[int, InPath(ge=1, le=1 << 40)],
    _caller: Reader,
    installation: TheInstallation,
) -> views.Explanation:
    """Why one row sounds as it does: fields, script, spans with reasons, utterances, versions."""
    explanation = explain(installation, control.find_campaign(installation, campaign_id), row)
    return views.Explanation.model_validate(explanation)


@router.get("/campaigns/{campaign_id}/names")
def names(
    campaign_id: Id,
    _caller: Reader,
    installation: TheInstallation,
    limit: Annotated[int, Query(ge=1, le=1000)] = 50,
) -> views.Names:
    """Distinct names, the riskiest first, with reasons and the line that a lexicon needs."""
    ranked = workbench.names_to_check(installation, control.find_campaign(installation, campaign_id))
    return views.Names(
        distinct=len(ranked),
        risky=sum(bool(name.risk) for name in ranked),
        names=[views.RankedName(**asdict(name), carrier=carrier(name.language)) for name in ranked[:limit]],
    )


@router.get("/campaigns/{campaign_id}/impact")
def changes(
    campaign_id: Id,
    _caller: Reader,
    installation: TheInstallation,
    new: Annotated[str, Query(max_length=100, pattern=r"^([a-z0-9][a-z0-9._-]*(@[0-9]+)?)$")],
    old: Annotated[str, Query(max_length=100)] = impact.NOTHING,
) -> views.LexiconImpact:
    """Which rows would sound different with lexicon `new` in place of `old`, and what that costs."""
    campaign = control.find_campaign(installation, campaign_id)
    effect = impact.impact(installation, campaign, old, new)
    return views.LexiconImpact(
        rows=effect.rows,
        changed=len(effect.changed),
        seconds_to_make=effect.seconds_to_make,
        expected_cost=effect.expected_cost,
        currency=effect.currency,
        examples=[
            views.ChangedRow(row=change.row, before=change.before, after=change.after)
            for change in effect.changed[:SHOWN]
        ],
    )


@router.get("/campaigns/{campaign_id}/reviews")
def to_hear(campaign_id: Id, _caller: Reader, installation: TheInstallation) -> list[views.ToHear]:
    """What a person should hear: held files with what was said and heard, then outliers, then a sample."""
    control.find_campaign(installation, campaign_id)
    return [
        views.ToHear.model_validate(
            asdict(file)
            | {"url": f"/v1/campaigns/{campaign_id}/{'reviews' if file.held else 'assets'}/{file.row}/audio"}
        )
        for file in review.queue(installation, campaign_id)
    ]


@router.get(
    "/campaigns/{campaign_id}/reviews/{row}/audio",
    response_class=Response,
    responses={200: {"content": {"audio/*": {}}, "description": "The file."}, **PARTS},
)
def held_audio(
    campaign_id: Id,
    row: Annotated[int, InPath(ge=1, le=1 << 40)],
    _caller: Reader,
    installation: TheInstallation,
    request: Request,
) -> Response:
    """The sound of a held file, which its recipient does not get yet; with `Range`, a part of its bytes."""
    control.find_campaign(installation, campaign_id)
    with installation.database.read() as connection:
        found = held_rows.files(connection, campaign_id, only=[row])
    if not found:
        raise NotFoundError(f"no file of row {row} of campaign {campaign_id} is held.")
    [held] = found
    _, kind, _ = CODECS[cast(Codec, held.codec)]
    return part_of(request.headers, installation.store.get(held.object_key), kind=kind, etag=held.sha256)


@router.get("/campaigns/{campaign_id}/reviews/{row}/words")
def words_to_hear(
    campaign_id: Id,
    row: Annotated[int, InPath(ge=1, le=1 << 40)],
    _caller: Reader,
    installation: TheInstallation,
) -> list[views.Caption]:
    """What a row's file says, of the held version where one is held: each word and when it is heard."""
    campaign = control.find_campaign(installation, campaign_id)
    with installation.database.read() as connection:
        held = held_rows.files(connection, campaign_id, only=[row])
    file = captions_of(installation, campaign, row, version=held[0].version if held else None)
    shown = [asdict(one) for one in file.captions]
    return [views.Caption.model_validate(one | {"words": one["words"] or None}) for one in shown]


@router.post("/campaigns/{campaign_id}/reviews", status_code=204)
def judge(campaign_id: Id, verdict: views.Verdict, caller: Submitter, context: TheContext) -> None:
    """Accept or reject the current files of rows, and held ones: of these the accepted are delivered."""
    if verdict.rejected and not verdict.reason:
        field = FieldProblem(field="reason", code="missing", reason="a rejection needs its reason")
        raise ProblemError(422, "reason: a rejection needs its reason. Say what is wrong.", fields=[field])
    installation = context.installation
    review.record_verdicts(
        installation,
        control.find_campaign(installation, campaign_id),
        accepted=verdict.accepted,
        rejected=verdict.rejected,
        reason=verdict.reason,
        actor=caller.name,
    )
    context.snapshots.forget(campaign_id)


def _under_way(context: TheContext, submission: Submission) -> Campaign:
    context.started(submission.campaign.id, submission.campaign.lane)
    return view_of(context.installation, snapshot(context, submission.campaign.id))
