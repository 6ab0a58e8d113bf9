"""Whether a worker may take anything of a campaign in hand, asked before every claim and at every sweep."""

from __future__ import annotations

from storage.records import Runnable
from storage.session import Database
from storage.settings import Settings
from workers.campaigns import KnownCampaigns
from workers.engines.registry import engine_revision
from workers.finish import FINISH_REVISION
from workers.permission.consents import Consents
from workers.permission.marking import Marking


class Permits:
    """One worker process's answer. Safe to share between threads."""

    def __init__(self, settings: Settings, database: Database, campaigns: KnownCampaigns) -> None:
        self._campaigns = campaigns
        self._consents = Consents(database)
        self.marking = Marking(settings, database)

    def allow(self, campaign: Runnable) -> bool:
        """Whether this code makes the sound that the campaign was planned with, and its speaker still agrees.

        A campaign whose consent ended, or whose files cannot be marked as it asks, is paused with the reason.
        """
        self._campaigns.forget_if_planned_again(campaign)
        return (
            engine_revision(campaign.engine) == campaign.engine_revision
            and campaign.finish_revision == FINISH_REVISION
            and self._consents.allows(self._campaigns.campaign(campaign.id))
            and self.marking.allows(
                self._campaigns.campaign(campaign.id), self._campaigns.profile(campaign.id)
            )
        )
