"""The end of a service: nothing of it uses the installation afterwards."""

from __future__ import annotations

import asyncio
from pathlib import Path

from anyio.to_thread import run_sync

from campaign.service.app import create_app
from campaign.service.context import Options, ServiceContext
from storage.queue import campaigns as campaign_rows
from tests import build


def test_what_goes_on_after_an_answer_ends_before_the_service(tmp_path: Path) -> None:
    installation = build.installation(tmp_path / "home")
    app = create_app(installation, Options(works=False))
    context: ServiceContext = app.state.context
    looks: list[bool] = []

    def look() -> None:
        with installation.database.read() as connection:
            campaign_rows.unreported(connection)
        looks.append(context.closing.is_set())

    async def long_work() -> None:
        while not context.closing.is_set():
            await asyncio.sleep(0.01)
        await run_sync(look)

    async def live() -> None:
        async with app.router.lifespan_context(app):
            context.in_background(long_work())
        assert looks == [True]

    asyncio.run(live())
    installation.close()
