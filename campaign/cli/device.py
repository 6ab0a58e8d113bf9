"""Options of commands that run engines: where, in how much memory, by which arithmetic. One record behind them all."""

from __future__ import annotations

from collections.abc import Callable

import click

from campaign.cli.shared import Command, finite, options_as
from campaign.cli.terminal import tell
from storage.settings import Settings
from workers.digits import whole_number
from workers.engines.f5.weights import FRAMES_LIMIT
from workers.engines.options import PRECISIONS, DeviceOptions, Mode
from workers.process import kernels

SMALLEST_BUDGET_FRAMES = 512
LARGEST_BUDGET_FRAMES = 65536
FRAMES_PER_S = 93.75
"""24 kHz in hops of 256 samples."""


class FrameBudgets(click.ParamType[tuple[int, ...]]):
    """Sizes of pack: `1024,4096,16384`."""

    name = "frames"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[int, ...]:
        """Sorted, each once; refuses what is no size."""
        budgets = set()
        for part in str(value).split(","):
            frames = whole_number(part.strip())
            if frames is None or not SMALLEST_BUDGET_FRAMES <= frames <= LARGEST_BUDGET_FRAMES:
                self.fail(
                    f"{part.strip()!r} is no frame budget. Write whole numbers from {SMALLEST_BUDGET_FRAMES} to "
                    f"{LARGEST_BUDGET_FRAMES}: 1024,4096,16384.",
                    param,
                    ctx,
                )
            budgets.add(frames)
        return tuple(sorted(budgets))


def _mode(_context: click.Context, _parameter: click.Parameter, value: str | None) -> Mode | None:
    return None if value is None else Mode(value)


_OPTIONS = (
    click.option(
        "--device", default="cpu", show_default=True, help="Where engines run: cpu, cuda or cuda:N."
    ),
    click.option(
        "--max-vram-gib",
        type=click.FloatRange(min=0, min_open=True),
        callback=finite,
        help="Most GPU memory that a process uses.",
    ),
    click.option(
        "--precision", type=click.Choice(PRECISIONS), help="Of F5's network. Default: the device's own."
    ),
    click.option(
        "--mode",
        type=click.Choice([mode.value for mode in Mode]),
        callback=_mode,
        help="How F5's kernels come to be. Default: the fastest that this machine can do.",
    ),
    click.option(
        "--frame-budgets",
        type=FrameBudgets(),
        help="Sizes of F5's packs, comma-separated. Default: the device's own.",
    ),
)


def device_options(command: Command) -> Callable[..., None]:
    """Gives a command these options, and hands them on as one `DeviceOptions` under the name `options`."""
    decorated = options_as(DeviceOptions)(command)
    for option in reversed(_OPTIONS):
        decorated = option(decorated)
    return decorated


def arguments_of(options: DeviceOptions) -> list[str]:
    """The same options for another process's command line, but for the device."""
    given = {
        "--max-vram-gib": options.max_vram_gib,
        "--precision": options.precision,
        "--mode": options.mode,
        "--frame-budgets": options.frame_budgets and ",".join(map(str, options.frame_budgets)),
    }
    return [text for name, value in given.items() if value is not None for text in (name, str(value))]


def tell_of_budgets(options: DeviceOptions) -> None:
    """Say what small packs mean: the longest utterance."""
    if options.frame_budgets is not None and options.frame_budgets[-1] < FRAMES_LIMIT:
        largest = options.frame_budgets[-1]
        tell(
            f"--frame-budgets ends at {largest}: reference and speech together last {largest / FRAMES_PER_S:.1f} s at "
            f"most, and what is longer fails. With {FRAMES_LIMIT} all is spoken that F5 can speak.",
            err=True,
        )


def keep_kernels(settings: Settings, options: DeviceOptions) -> None:
    """Have compiled kernels outlive this process, where there will be any. Raises `KernelCacheError`."""
    if options.compiles:
        kernels.keep_kernels(settings.kernels_folder)


def prepare_device(settings: Settings, options: DeviceOptions) -> None:
    """What comes before an engine is made; raises `KernelCacheError`."""
    tell_of_budgets(options)
    keep_kernels(settings, options)
