"""Every error that `campaign` raises on purpose, as a tree.

    CampaignError                  something a person can mend; the message ends with how
    ├── InputError                 a file, brief, template or lexicon is wrong: nothing was submitted
    │   ├── BriefError
    │   ├── RecipientsError
    │   ├── TemplateError
    │   └── LexiconError
    ├── RowError                   one recipient's row cannot be spoken; the other rows go on
    │   ├── FieldError             the row itself: missing, malformed, too long, duplicate
    │   ├── RenderError            the template could not be filled for this row
    │   └── SpeechError            the script could not be turned into spoken text
    ├── ConflictError              the id exists with other content, or the state forbids this
    └── NotFoundError              no campaign, row, preset, pin or lexicon of that name

`workers` and `storage` have trees of their own; `campaign.cli.exits` maps all of them to exit codes.
"""

from __future__ import annotations


class CampaignError(Exception):
    """Something a person can mend; the message ends with how."""


class InputError(CampaignError):
    """A file, brief, template or lexicon is wrong: nothing was submitted."""


class BriefError(InputError):
    """`campaign.toml` cannot be read or contradicts itself."""


class RecipientsError(InputError):
    """The recipients file as a whole cannot be read."""


class TemplateError(InputError):
    """A template does not compile or uses what is not allowed."""


class LexiconError(InputError):
    """A lexicon cannot be read, loops or contradicts itself."""


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
