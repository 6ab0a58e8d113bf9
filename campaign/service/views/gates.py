"""Gates."""

from __future__ import annotations

from campaign.service.views.base import View


class Gate(View):
    """A candidate against a baseline."""

    id: str
    candidate: str
    baseline: str
    prompts: str
    outcome: str | None


class ListeningPage(View):
    """Where to listen."""

    url: str
