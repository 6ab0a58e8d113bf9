"""Every error that `campaign` raises on purpose, as a tree; and how an error of any package ends what was asked.

    CampaignError                  something a person can mend; the message ends with how
    ├── InputError                 a file, brief, template or lexicon is wrong: nothing was submitted
    │   ├── BriefError
    │   ├── RecipientsError        the recipients file as a whole cannot be read
    │   │   ├── EncodingError      it is not in the encoding that it is read as
    │   │   ├── HeaderError        its columns are not those that are needed
    │   │   └── BadRowsError       bad rows, and `on_error = "reject"`: nothing was submitted
    │   │       └── RowErrorsFound (campaign.submission.submit) the same, with the tally of the rows
    │   ├── TemplateError
    │   ├── LexiconError
    │   ├── ConsentError           a consent file cannot be read, or what it says cannot be meant
    │   ├── RuleError              a gate's rule cannot be read or says what cannot be computed
    │   └── EvidenceError          a bundle cannot be read, or does not prove what it says
    ├── RowError                   one recipient's row cannot be spoken; the other rows go on
    │   ├── FieldError             the row itself: missing, malformed, too long, duplicate
    │   ├── RenderError            the template could not be filled for this row
    │   └── SpeechError            the script could not be turned into spoken text
    ├── ConflictError              the id exists with other content, or the state forbids this
    ├── NotFoundError              no campaign, row, preset, pin or lexicon of that name
    ├── FetchError                 no source gives a model's files: unreachable, gone or changed
    ├── NotMadeError               the one text that was asked for cannot be spoken
    ├── OutputError                what was made cannot be written where it was asked for
    ├── ConditionsError            a command around the gate failed: nothing was decided
    ├── ChildLostError             a process of ours that makes text died
    └── GrammarError               a shipped grammar is missing or damaged

Signals, caught inside the package and never seen outside:

    UnreadableValueError           (campaign.speech.typed) becomes a `SpeechError` with its column
    TwoConventionsError            (campaign.speech.number_format) becomes a `HeaderError` with its column
    NoConventionError              (campaign.speech.number_format) becomes a `HeaderError` with its column
    TokenError                     (campaign.speech.nemo.tokens) becomes a `SpeechError`
    LatticeTooLargeError           (campaign.speech.nemo.decoder) becomes a `SpeechError`
    _NoReadingError                (campaign.speech.nemo.normaliser) becomes a `SpeechError`
    SourceRefusedError             (campaign.registry.catalogue.watching) of every source, a `FetchError`
    TooLargeError                  (campaign.service.bodies) becomes a 413
    ProblemError                   (campaign.service.problems) becomes the answer with its own status

`storage.errors` and `workers.errors` have trees of their own. `OUTCOMES` holds for all three.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from storage.errors import NameRefusedError, RecordMissingError, StateError, StorageError, UnstorableTextError
from workers.errors import (
    AlreadyWorkingError,
    DeviceLostError,
    EngineError,
    FinishError,
    ProfileError,
    RecordingError,
    UnknownEngineError,
    UnreadableFileError,
    WorkerError,
)


class CampaignError(Exception):
    """Something a person can mend; the message ends with how.

    One text, or several where each is a line of its own: a line end within one is somebody else's.
    """

    def __str__(self) -> str:
        return "\n".join(self.lines)

    @property
    def lines(self) -> tuple[str, ...]:
        """The message, line by line."""
        return tuple(str(line) for line in self.args)


class InputError(CampaignError):
    """A file, brief, template or lexicon is wrong: nothing was submitted."""


class BriefError(InputError):
    """`campaign.toml` cannot be read or contradicts itself."""


class RecipientsError(InputError):
    """The recipients file as a whole cannot be read."""


class EncodingError(RecipientsError):
    """The file is not in the encoding that it is read as; `guess` is one that it may be in."""

    def __init__(self, message: str, *, guess: str | None, words: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.guess = guess
        self.words = words
        """Of the file, as the guess reads them."""


class HeaderError(RecipientsError):
    """Columns that are needed and columns that are there do not fit: one line a fault, all of them."""


class BadRowsError(RecipientsError):
    """Some rows are bad, and `on_error = "reject"` says that nothing is submitted then."""


class TemplateError(InputError):
    """A template does not compile or uses what is not allowed."""


class LexiconError(InputError):
    """A lexicon cannot be read, loops or contradicts itself."""


class ConsentError(InputError):
    """A consent file cannot be read, or what it says cannot be meant."""


class RuleError(InputError):
    """A rule cannot be read or says what cannot be computed."""


class EvidenceError(InputError):
    """A bundle cannot be read, or does not prove what it says."""


class RowError(CampaignError):
    """One recipient's row cannot be spoken; the other rows go on.

    `code` is a short kebab-case word that never changes once released; `reason` says what is wrong and
    `mend` what to do; `column` names the recipient field at fault, where one is.
    """

    def __init__(self, code: str, reason: str, *, mend: str, column: str | None = None) -> None:
        super().__init__(f"{code}: {reason} ({mend})")
        self.code = code
        self.reason = reason
        self.mend = mend
        self.column = column

    def __reduce__(self) -> tuple[object, ...]:
        """Row errors cross process borders (submit renders in child processes)."""
        return _rebuild_row_error, (type(self), self.code, self.reason, self.mend, self.column)


def _rebuild_row_error(
    kind: type[RowError], code: str, reason: str, mend: str, column: str | None
) -> RowError:
    return kind(code, reason, mend=mend, column=column)


class FieldError(RowError):
    """The row itself: missing, malformed, too long, duplicate."""


class RenderError(RowError):
    """The template could not be filled for this row."""


class SpeechError(RowError):
    """The script could not be turned into spoken text."""


class ConflictError(CampaignError):
    """The id exists with other content, or the state forbids this."""


class NotFoundError(CampaignError):
    """No campaign, row, preset, pin or lexicon of that name."""


class FetchError(CampaignError):
    """No source gives a model's files: unreachable, gone or changed. The message says what to bring."""


class NotMadeError(CampaignError):
    """The one text that was asked for cannot be spoken."""


class OutputError(CampaignError):
    """What was made cannot be written where it was asked for: no room, no right, no such folder."""


class ConditionsError(CampaignError):
    """A command around the gate failed: nothing was decided."""


class ChildLostError(CampaignError):
    """A process of ours that makes text died."""


class GrammarError(CampaignError):
    """A shipped grammar is missing or damaged."""


INPUT = 3
CONFLICT = 4
NOT_FOUND = 5
ROW_ERRORS = 6
UNAVAILABLE = 7
ENGINE = 8
DEVICE_LOST = 75
"""The exit codes that errors end with; `campaign.cli.exits` has all, with their meanings."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an error that reaches a door ends what was asked."""

    exit_code: int
    """Of the command."""
    status: int
    """Of the HTTP response."""


OUTCOMES: Mapping[type[Exception], Outcome] = {
    CampaignError: Outcome(INPUT, 422),
    BadRowsError: Outcome(ROW_ERRORS, 422),
    ConflictError: Outcome(CONFLICT, 409),
    ChildLostError: Outcome(UNAVAILABLE, 503),
    FetchError: Outcome(UNAVAILABLE, 503),
    NotFoundError: Outcome(NOT_FOUND, 404),
    OutputError: Outcome(UNAVAILABLE, 503),
    StorageError: Outcome(UNAVAILABLE, 503),
    RecordMissingError: Outcome(NOT_FOUND, 404),
    NameRefusedError: Outcome(INPUT, 422),
    StateError: Outcome(CONFLICT, 409),
    UnstorableTextError: Outcome(INPUT, 422),
    WorkerError: Outcome(UNAVAILABLE, 503),
    RecordingError: Outcome(INPUT, 422),
    AlreadyWorkingError: Outcome(CONFLICT, 503),
    EngineError: Outcome(ENGINE, 503),
    UnknownEngineError: Outcome(NOT_FOUND, 422),
    DeviceLostError: Outcome(DEVICE_LOST, 503),
    FinishError: Outcome(INPUT, 422),
    ProfileError: Outcome(INPUT, 422),
    UnreadableFileError: Outcome(INPUT, 422),
}
"""For a class that is not here its nearest ancestor's holds."""


def outcome_of(error: BaseException) -> Outcome | None:
    """How an error that is raised on purpose ends; None for a fault of the program."""
    return next((OUTCOMES[kind] for kind in type(error).__mro__ if kind in OUTCOMES), None)
