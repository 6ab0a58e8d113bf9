"""What engines share that can be interrupted: the hooks of `PreemptibleEngine`, and serving what is urgent."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence

from workers.engines.engine import EngineError, Outcome, SynthesisRequest, UrgentBatch


class PutOffError(Exception):
    """What is urgent cannot be spoken beside what is in hand: it is spoken after it."""

    def __init__(self, resume: Callable[[], Sequence[Outcome]] | None = None) -> None:
        """`resume` speaks what is left and gives all outcomes; None: everything is spoken anew."""
        super().__init__("to be spoken after what is in hand")
        self.resume = resume


class Preemptible:
    """A base of engines; belongs to the engine's thread."""

    def __init__(self) -> None:
        self.between_steps: Callable[[], UrgentBatch | None] | None = None
        self.on_outcome: Callable[[SynthesisRequest, Outcome], None] | None = None
        self.is_between_steps = False
        """Whether something urgent is asked for or spoken while a pack of others is on the device."""
        self._inside_preview = False
        self._put_off: deque[tuple[UrgentBatch, Callable[[], Sequence[Outcome]]]] = deque()

    def serve_urgent(self, speak: Callable[[Sequence[SynthesisRequest]], Sequence[Outcome]]) -> None:
        """Speak what must not wait, unless that is what is being spoken; called often while a batch runs.

        `speak` may raise `PutOffError`. Nothing more is asked for until `serve_put_off`: it could not be spoken either,
        and another worker may have it sooner.
        """
        if self.between_steps is None or self._inside_preview or self._put_off:
            return
        self._inside_preview = self.is_between_steps = True
        try:
            urgent = self.between_steps()
            if urgent is not None:
                self._speak_and_deliver(urgent, lambda: speak(urgent.requests))
        except RuntimeError as problem:  # or the batch in hand would be blamed
            raise EngineError(f"a preview could not be asked for or delivered ({problem})") from problem
        finally:
            self._inside_preview = self.is_between_steps = False

    def serve_put_off(self) -> None:
        """Speak what was put off, in order; to be called whenever a pack of others has left the device."""
        if self._inside_preview:
            return
        self._inside_preview = True
        try:
            while self._put_off:
                self._speak_and_deliver(*self._put_off.popleft())
        except RuntimeError as problem:
            raise EngineError(f"a preview could not be delivered ({problem})") from problem
        finally:
            self._inside_preview = False

    def forget_put_off(self) -> None:
        """The batch is over: whoever claimed what was not delivered has given it back."""
        self._put_off.clear()

    def tell(self, request: SynthesisRequest, outcome: Outcome) -> None:
        """One utterance is made, or cannot be."""
        if self.on_outcome is not None:
            self.on_outcome(request, outcome)

    def _speak_and_deliver(self, urgent: UrgentBatch, speak: Callable[[], Sequence[Outcome]]) -> None:
        try:
            outcomes = speak()
        except PutOffError as later:
            self._put_off.append((urgent, later.resume or speak))
            return
        urgent.deliver(outcomes)
