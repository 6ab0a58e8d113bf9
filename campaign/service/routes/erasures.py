"""Erasure: a person or a campaign is forgotten. Ids of people stand in bodies, never in URLs."""

from __future__ import annotations

from fastapi import APIRouter

from campaign.operations.erase import erase_campaign, erase_recipient
from campaign.service.access import Eraser
from campaign.service.problems import ProblemError
from campaign.service.routes.context import PROBLEMS, TheContext
from campaign.service.views import erasures as views

router = APIRouter(prefix="/v1/erasures", tags=["erasure"], responses=PROBLEMS)


@router.post("")
def erase(erasure: views.ErasureIn, caller: Eraser, context: TheContext) -> views.Erasure:
    """Forget one person everywhere, or everybody of a campaign. This cannot be undone."""
    if (erasure.recipient is None) == (erasure.campaign is None):
        raise ProblemError(422, "give either `recipient` or `campaign`.")
    if erasure.recipient is not None:
        done = erase_recipient(context.installation, erasure.recipient, actor=caller.name)
    else:
        assert erasure.campaign is not None
        done = erase_campaign(context.installation, erasure.campaign, actor=caller.name)
    for campaign_id in done.campaigns:
        context.snapshots.forget(campaign_id)
    return views.Erasure.model_validate(done.document)
