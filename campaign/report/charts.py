"""Charts as inline SVG, by leather: plain shapes with attributes, no style and no script, so a strict policy holds.

leather sets fixed colours; `report.css` overrides them, so that charts follow the page into the dark.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

if TYPE_CHECKING:
    import leather

WIDTH, HEIGHT = 480, 230
BINS_IN_ONE = 3
"""A chart has room for some eight labels."""


def files_over_time_chart(over_time: Mapping[str, Any] | None) -> Markup | None:
    """Files stored, summed up, over minutes or seconds since the first; None below three steps."""
    if over_time is None or len(over_time["stored"]) < 3:
        return None
    import leather

    step_s = over_time["step_ms"] / 1000
    unit_s = 60 if step_s * len(over_time["stored"]) > 300 else 1
    points = [(0, 0)] + [
        ((number + 1) * step_s / unit_s, stored) for number, stored in enumerate(over_time["stored"])
    ]
    chart = leather.Chart()
    chart.add_line(points)
    chart.add_x_axis(name="minutes" if unit_s == 60 else "seconds")
    return _svg(chart)


def histogram(spread: Mapping[str, Any] | None, unit: str) -> Markup | None:
    """Counts by bin; None where there is nothing to spread."""
    if spread is None or len(spread["counts"]) < 2 or spread["least"] == spread["most"]:
        return None
    import leather

    counts, edges = _merged(spread["counts"], spread["edges"])
    digits = 0 if edges[-1] - edges[0] >= len(counts) else 1
    chart = leather.Chart()
    chart.add_columns([(f"{edge:.{digits}f}", count) for edge, count in zip(edges, counts, strict=False)])
    chart.add_x_axis(name=unit)
    return _svg(chart)


def drift_chart(past: Sequence[Mapping[str, Any]]) -> Markup | None:
    """Median and lowest likeness of a preset's files, campaign by campaign; None below two campaigns with scores.

    `past` is as `campaign.report.voices.past_document` has it. Numbers of two prints do not compare: the newest print's
    are drawn.
    """
    scored = [one for one in past if one["median"] is not None]
    same = [one for one in scored if one["calibration"] == scored[-1]["calibration"]]
    if len(same) < 2:
        return None
    import leather

    chart = leather.Chart()
    for name, called in (("median", "middle"), ("lowest", "lowest")):
        chart.add_line([(number, one[name]) for number, one in enumerate(same, 1)], name=called)
    chart.add_x_axis(name="campaigns", ticks=_whole(len(same)))
    return _svg(chart)


def _whole(count: int) -> list[int]:
    """Some eight of the numbers from 1 to `count`."""
    step = max(1, -(-count // 8))
    return list(range(1, count + 1, step))


def _merged(counts: Sequence[int], edges: Sequence[float]) -> tuple[list[int], list[float]]:
    step = BINS_IN_ONE
    return [sum(counts[i : i + step]) for i in range(0, len(counts), step)], list(edges[::step])


def _svg(chart: leather.Chart) -> Markup:
    """leather gives a fixed size and no viewBox; with one the drawing shrinks with the page."""
    drawn: str = chart.to_svg(width=WIDTH, height=HEIGHT)
    fixed = f'<svg width="{WIDTH}" height="{HEIGHT}"'
    return Markup(drawn.replace(fixed, f'<svg viewBox="0 0 {WIDTH} {HEIGHT}"', 1))
