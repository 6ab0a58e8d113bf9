"""What engines share that can be interrupted: the hooks of `PreemptibleEngine`, and serving what is urgent."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from workers.engines.engine import EngineError, Outcome, SynthesisRequest, UrgentBatch


class Preemptible:
    """A base of engines; belongs to the engine's thread."""

    def __init__(self) -> None:
        self.between_steps: Callable[[], UrgentBatch | None] | None = None
        self.on_outcome: Callable[[SynthesisRequest, Outcome], None] | None = None
        self._inside_preview = False

    def serve_urgent(self, speak: Callable[[Sequence[SynthesisRequest]], Sequence[Outcome]]) -> None:
        """Speak what must not wait, unless that is what is being spoken; called often while a batch runs."""
        if self.between_steps is None or self._inside_preview:
            return
        self._inside_preview = True
        try:
            urgent = self.between_steps()
            if urgent is not None:
                urgent.deliver(speak(urgent.requests))
        except RuntimeError as problem:  # or the batch in hand would be blamed
            raise EngineError(f"a preview could not be asked for or delivered ({problem})") from problem
        finally:
            self._inside_preview = False

    def tell(self, request: SynthesisRequest, outcome: Outcome) -> None:
        """One utterance is made, or cannot be."""
        if self.on_outcome is not None:
            self.on_outcome(request, outcome)
