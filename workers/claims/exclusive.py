"""Many may work together, or one alone: who handles a suspect row holds nothing else in this process."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator


class ExclusiveLock:
    """A lock that many share, or one has if nobody shares it."""

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._sharing = 0
        self._alone = False

    @contextlib.contextmanager
    def shared(self) -> Iterator[None]:
        """Work beside others; waits while someone is alone."""
        with self._condition:
            self._condition.wait_for(lambda: not self._alone)
            self._sharing += 1
        try:
            yield
        finally:
            with self._condition:
                self._sharing -= 1

    @contextlib.contextmanager
    def alone(self) -> Iterator[bool]:
        """Work alone; yields False, without waiting, when others are at work."""
        with self._condition:
            got = self._sharing == 0 and not self._alone
            if got:
                self._alone = True
        try:
            yield got
        finally:
            if got:
                with self._condition:
                    self._alone = False
                    self._condition.notify_all()
