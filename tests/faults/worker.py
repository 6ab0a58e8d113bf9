"""A worker process with an engine that dies when it is given the word `Poison`: what a crash in C looks like."""

from __future__ import annotations

import os
import signal
from collections.abc import Sequence

from campaign.cli import main
from workers.engines import tone
from workers.engines.engine import Outcome, SynthesisRequest

WORD = "Poison"


def _synthesise(self: tone.ToneEngine, batch: Sequence[SynthesisRequest]) -> Sequence[Outcome]:
    if any(WORD in request.text for request in batch):
        os.kill(os.getpid(), signal.SIGKILL)
    return _whole(self, batch)


_whole = tone.ToneEngine.synthesise

if __name__ == "__main__":
    tone.ToneEngine.synthesise = _synthesise  # type: ignore[method-assign]
    main(["worker"])
