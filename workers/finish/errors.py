"""What finishing raises.

FinishError     this asset cannot be released; `code` and `reason` go to its row
ProfileError    the finish profile contradicts itself or has an unknown key
"""

from __future__ import annotations


class FinishError(Exception):
    """This asset cannot be released (contract 4); the others go on.

    `code` never changes once released: `no-sound`, `silent`, `clipped`, `gap`, `too-short`, `too-long`.
    """

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(f"{code}: {reason}")
        self.code = code
        self.reason = reason

    def __reduce__(self) -> tuple[object, ...]:
        """May cross a process border."""
        return type(self), (self.code, self.reason)


class ProfileError(Exception):
    """The finish profile has an unknown key, a value out of range or two that exclude each other."""
