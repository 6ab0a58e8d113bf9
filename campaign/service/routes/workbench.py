"""The author's workbench: renderings, previews, examples, names, cost, what a lexicon would change, review."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi import Path as InPath

from campaign.brief import read_brief
from campaign.evidence.explain import explain
from campaign.operations import control
from campaign.preview import workbench
from campaign.preview.names import carrier
from campaign.rerender import impact, review
from campaign.service.access import Reader, Submitter
from campaign.service.problems import FieldProblem, ProblemError
from campaign.service.routes.campaigns import snapshot, view_of
from campaign.service.routes.context import PROBLEMS, Id, TheContext, TheInstallation
from campaign.service.views import workbench as views
from campaign.service.views.campaigns import Campaign
from campaign.submission.estimate import estimate
from campaign.submission.submit import Submission

router = APIRouter(prefix="/v1", tags=["workbench"], responses=PROBLEMS)
SHOWN = 200


@router.post("/renderings")
def rendering(asked: views.RenderingIn, _caller: Submitter, installation: TheInstallation) -> views.Rendering:
    """What one recipient would hear, as text; the error is the row's where it cannot be said."""
    loaded = read_brief(asked.brief.as_table(), label="the brief", folder=None)
    made = workbench.render(installation, loaded, asked.locale, asked.fields)
    return views.Rendering(
        template=made.template, script=made.script, spoken=made.spoken, trace=dict(made.trace)
    )


@router.post("/previews", status_code=202)
def preview(asked: views.PreviewIn, caller: Submitter, context: TheContext) -> Campaign:
    """Speak a few rows by the very path that will send."""
    loaded = read_brief(asked.brief.as_table(), label="the brief", folder=None)
    return _under_way(context, workbench.try_rows(context.installation, loaded, asked.rows, actor=caller.name))


@router.post("/campaigns/{campaign_id}/examples", status_code=202)
def examples(
    campaign_id: Id, caller: Submitter, context: TheContext, rows: Annotated[int, Query(ge=1, le=20)] = 5
) -> Campaign:
    """Speak a few rows of a campaign before it is started; what is made is not made again."""
    campaign = control.find_campaign(context.installation, campaign_id)
    return _under_way(context, workbench.examples(context.installation, campaign, rows, actor=caller.name))


@router.get("/campaigns/{campaign_id}/estimate")
def expected(campaign_id: Id, _caller: Reader, installation: TheInstallation) -> views.Estimate:
    """What a campaign will take: distinct utterances, seconds of sound, time and cost."""
    one = control.find_campaign(installation, campaign_id)
    counted = estimate(installation, installation.database, one.id, preset=one.preset, pin_id=one.pin_id)
    return views.Estimate(**asdict(counted), saved_by_sharing=counted.saved_by_sharing)


@router.get("/campaigns/{campaign_id}/rows/{row}")
def row(
    campaign_id: Id,
    row: Annotated[int, InPath(ge=1, le=1 << 40)],
    _caller: Reader,
    installation: TheInstallation,
) -> views.Explanation:
    """Why one row sounds as it does: fields, script, spans with reasons, utterances, versions."""
    found = explain(installation, control.find_campaign(installation, campaign_id), row)
    return views.Explanation.model_validate(found)


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
        risky=sum(bool(one.risk) for one in ranked),
        names=[views.RankedName(**asdict(one), carrier=carrier(one.language)) for one in ranked[:limit]],
    )


@router.get("/campaigns/{campaign_id}/impact")
def changes(
    campaign_id: Id,
    _caller: Reader,
    installation: TheInstallation,
    new: Annotated[str, Query(max_length=100, pattern=r"^([a-z0-9][a-z0-9._-]*(@[0-9]+)?)$")],
    old: Annotated[str, Query(max_length=100)] = impact.NOTHING,
) -> views.LexiconImpact:
    """Which rows would sound otherwise with lexicon `new` in the place of `old`, and what that costs."""
    campaign = control.find_campaign(installation, campaign_id)
    found = impact.impact(installation, campaign, old, new)
    return views.LexiconImpact(
        rows=found.rows,
        changed=len(found.changed),
        seconds_to_make=found.seconds_to_make,
        expected_cost=found.expected_cost,
        currency=found.currency,
        examples=[
            views.ChangedRow(row=one.row, before=one.before, after=one.after) for one in found.changed[:SHOWN]
        ],
    )


@router.get("/campaigns/{campaign_id}/reviews")
def to_hear(campaign_id: Id, _caller: Reader, installation: TheInstallation) -> list[views.ToHear]:
    """What a person should hear: outliers, then a sample."""
    control.find_campaign(installation, campaign_id)
    return [
        views.ToHear(
            row=one.row,
            version=one.version,
            why=one.why,
            locale=one.locale,
            duration_s=one.duration_s,
            url=f"/v1/campaigns/{campaign_id}/assets/{one.row}/audio",
        )
        for one in review.queue(installation, campaign_id)
    ]


@router.post("/campaigns/{campaign_id}/reviews", status_code=204)
def judge(campaign_id: Id, asked: views.Verdict, caller: Submitter, installation: TheInstallation) -> None:
    """Accept or reject the current files of rows."""
    if asked.rejected and not asked.reason:
        field = FieldProblem(field="reason", code="missing", reason="a rejection needs its reason")
        raise ProblemError(422, "reason: a rejection needs its reason. Say what is wrong.", fields=[field])
    review.judge(
        installation,
        control.find_campaign(installation, campaign_id),
        accepted=asked.accepted,
        rejected=asked.rejected,
        reason=asked.reason,
        actor=caller.name,
    )


def _under_way(context: TheContext, made: Submission) -> Campaign:
    context.started(made.campaign.id, made.campaign.lane)
    return view_of(context.installation, snapshot(context, made.campaign.id))
