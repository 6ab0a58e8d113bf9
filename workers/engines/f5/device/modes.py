"""Which mode a model runs in: what was asked for, or the fastest that can be built here."""

from __future__ import annotations

import logging

from workers.engines.engine import EngineError
from workers.engines.f5.choice import DeviceChoice
from workers.engines.f5.compiler import find_compiler
from workers.engines.options import Mode

log = logging.getLogger(__name__)

FASTEST = Mode.FUSED
"""Of a GPU with a C compiler beside it."""


def mode_of(choice: DeviceChoice) -> Mode:
    """Raises `EngineError` when kernels were asked for that cannot be built here, or not once for all lengths."""
    if choice.mode is Mode.EAGER or (choice.mode is None and not choice.on_cuda):
        return Mode.EAGER
    if choice.mode is None and not choice.budgets:
        return Mode.EAGER
    compiler = find_compiler()
    if not compiler.lacks:
        if not choice.budgets:
            raise EngineError(
                f"F5 cannot run {choice.mode} without frame budgets: it would be built for every length; "
                "give some, or choose the mode eager"
            )
        return choice.mode or FASTEST
    if choice.mode is None:
        log.warning(
            "F5 runs eager on %s, slower than it could: there is %s; %s",
            choice.device,
            compiler.lacks,
            compiler.mend,
        )
        return Mode.EAGER
    raise EngineError(
        f"F5 cannot run {choice.mode}: there is {compiler.lacks}; {compiler.mend}, or choose the mode eager"
    )
