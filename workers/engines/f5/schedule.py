"""The times of a sampler's steps, and how strongly the text pulls in each of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from workers.engines.f5.network import ModulationTable

LEAST_STRENGTH = 1e-5
"""Weaker guidance is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """The times of the steps and what the network makes of them."""

    times: tuple[float, ...]
    """NFE + 1 values from 0 to 1, as float32 gives them."""
    table: ModulationTable

    @property
    def deltas(self) -> tuple[float, ...]:
        """How far each step goes."""
        return tuple(then - now for now, then in zip(self.times[:-1], self.times[1:], strict=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class Guidance:
    """How strongly the text pulls: velocity = conditioned + strength x (conditioned - unconditioned)."""

    strength: float
    interval: tuple[float, float] = (0.0, 1.0)
    """Steps that begin at such a time, the first included and the last not, are guided; the others cost half. Its own
    ends, 0 and 1, are those of all steps, however a time next to them was rounded.
    Kynkäänniemi et al., "Applying guidance in a limited interval", 2024."""

    def guides(self, schedule: Schedule) -> tuple[bool, ...]:
        """Of each step, whether it is guided."""
        begin, end = self.interval
        return tuple(
            self.halves == 2 and (begin <= time or begin == 0) and (time < end or end == 1)
            for time in schedule.times[:-1]
        )

    @property
    def halves(self) -> int:
        """Most sequences that an utterance is in a step: 1 without guidance, as upstream decides it."""
        return 2 if self.strength >= LEAST_STRENGTH else 1

    def halves_in(self, schedule: Schedule) -> frozenset[int]:
        """How many sequences an utterance is in the steps: 2 where one is guided, 1 where it is not."""
        return frozenset(2 if guided else 1 for guided in self.guides(schedule))


def times_of(
    nfe: int, *, empirical: bool, sway: float | None, get_epss_timesteps: Callable[..., Tensor]
) -> Tensor:
    """float32 (nfe + 1,): EPSS where upstream has a table for this NFE, else even steps; then swayed."""
    if empirical:
        times = get_epss_timesteps(nfe, device=torch.device("cpu"), dtype=torch.float32)
    else:
        times = torch.linspace(0, 1, nfe + 1, dtype=torch.float32)
    if sway is not None:
        times = times + sway * (torch.cos(torch.pi / 2 * times) - 1 + times)
    return times
