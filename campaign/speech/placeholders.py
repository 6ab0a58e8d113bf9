"""Placeholders of other tools, found in a text: `((name))`, `*|FNAME|*`, `%name%`, `<<name>>` and their like.

Nobody means to have one spoken: in a template it was to be a field, in a value somebody's merge did not fill it in. A
form that also stands in ordinary writing (`[sic]`, `@acme`, «casa») counts only around a name that fields usually have,
or one of `fields`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from typing import Final, NamedTuple

from campaign.speech.wordlist import words


class Placeholder(NamedTuple):
    """One that was found, and how it is written here."""

    found: str
    right: str
    """`{{ first_name }}`; `{{ column }}` where it has no name of its own."""
    start: int
    """Of it in the text."""


NO_NAME: Final = "column"
"""Of a placeholder by number: the author knows which column is meant."""
_NAME: Final = r"[^\W\d]\w*(?:[ .:_-]{1,2}\w+){0,4}"
_WORD: Final = r"[^\W\d]\w*(?:[.:-]\w+){0,3}"
_CERTAIN: Final = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\(\(\s?(?P<name>{_NAME})\s?(?:\?\?.{{0,200}}?)?\)\)",  # GOV.UK Notify
        rf"\*\|\s?(?:[A-Z]+:)?(?P<name>{_NAME})\s?\|\*",  # Mailchimp
        rf"\|\*\s?(?P<name>{_NAME})\s?\*\|",  # Benchmark
        rf"\{{\{{[{{#&^/!>]?\s?(?P<name>{_NAME})[^{{}}]{{0,200}}\}}\}}\}}?",  # Mustache, HubSpot, Brevo
        rf"%%=?\s?(?:v\(@)?(?P<name>{_NAME})\)?\s?=?%%",  # Salesforce Marketing Cloud
        r"%\((?P<name>\w+)\)[sdf]",  # Python
        r"(?<![\w%])%(?P<name>[0-9]+)\$[sd@](?!\w)",  # Java, gettext
        r"(?<![\w%])(?P<name>)%[s@](?!\w)",
        rf"(?<![\w%])%\[?\s?(?P<name>{_WORD}|{_NAME}(?<!\d))\s?\]?%(?!\w)",  # Mailgun, ActiveCampaign
        rf"<%=?\s?(?P<name>{_NAME})\s?%>",  # ERB, EJS
        rf"<<\s?(?P<name>{_NAME})\s?>>",
        rf"[$#@]\{{\s?(?P<name>{_NAME})[^{{}}]{{0,200}}\}}",  # JavaScript, Ruby, Java
        rf"\$\(\s?(?P<name>{_WORD})\s?\)",
        r"(?<![\w$])\$\$?(?P<name>[^\W\d]\w*)\$\$?(?!\w)",
        rf"\{{[!$@%#]?\s?(?P<name>{_NAME})[^{{}}]{{0,200}}\}}",  # Campaign Monitor, Salesforce, MailerLite
        r"\{(?P<name>[0-9]{0,2})\}",
        rf"\[\[\s?(?P<name>{_NAME})\s?\]\]",
        rf"\[%\s?(?P<name>{_NAME})\s?%\]",
        rf"(?<![\w#])##?(?P<name>{_WORD})##?(?!\w)",
        rf"(?<![\w@])@@(?P<name>{_WORD})@@(?!\w)",
        r"(?<!\w)__(?P<name>[^\W\d_](?:\w*[^\W_])?)__(?!\w)",
    )
)
"""Nothing else is written so; the longer form of two that begin alike stands first."""
_LIKELY: Final = tuple(
    re.compile(pattern)
    for pattern in (
        rf"«\s?(?P<name>{_NAME})\s?»",  # Word
        rf"‹\s?(?P<name>{_NAME})\s?›",
        rf"\[\s?(?P<name>{_NAME})\s?(?:[,|][^\[\]]{{0,200}})?\](?!\()",
        rf"</?\s?(?P<name>{_NAME})\s?/?>",
        rf"(?<!\w)@(?P<name>{_WORD})(?![\w@])",
        rf"(?<![\w$])\$(?P<name>{_WORD})(?![\w$])",
        r"(?<![\w~])~(?P<name>[^\W\d]\w*)~(?!\w)",
        r"(?<![\w|])\|(?P<name>[^\W\d]\w*)\|(?!\w)",
        r"(?<![\w:/]):(?P<name>[^\W\d]\w*)(?![\w:])",  # SQL
    )
)
"""Ordinary writing is written so, too."""
_SIGNS: Final = re.compile(r"[(*|{%<$@\[#_«‹~]|(?<![\w:/]):[^\W\d]")
"""One of which begins each."""
_USUAL: Final = words(
    "name firstname lastname fullname fname lname mname surname forename givenname familyname middlename nickname "
    "displayname username customername clientname contactname membername patientname studentname parentname title "
    "salutation greeting company companyname organisation organization business address address1 address2 street city "
    "town postcode zip zipcode state region country county phone phonenumber mobile mobilenumber telephone email "
    "emailaddress amount balance total price sum currency date duedate deadline time appointmentdate appointmenttime "
    "appointment day month year reference ref code pin link url number account accountnumber invoice invoicenumber "
    "customernumber ordernumber order id customer recipient contact subscriber member patient user client "
    "vorname nachname anrede titel firma straße strasse ort plz betrag datum uhrzeit termin kundennummer "
    "rechnungsnummer prénom prenom nom nomcomplet montant société ville nombre apellido apellidos importe fecha "
    "empresa ciudad cognome importo data città nome sobrenome valor empresa "
    "merge field mergefield placeholder variable insert insertname yourname"
)
"""What fields are called, without signs."""


def foreign_placeholder(text: str, fields: Iterable[str] = ()) -> Placeholder | None:
    """The first placeholder of another tool in `text`; `fields` are names of columns that are known."""
    if not _SIGNS.search(text):
        return None
    found = [_placeholder(match) for pattern in _CERTAIN if (match := pattern.search(text))]
    if any(sign in text for sign in "«‹[<@$~|:"):
        usual = _USUAL | {_bare(field) for field in fields}
        found += [
            _placeholder(match)
            for pattern in _LIKELY
            for match in pattern.finditer(text)
            if _is_field(match["name"], usual)
        ]
    return min(found, key=lambda placeholder: (placeholder.start, -len(placeholder.found)), default=None)


def is_usual_field(name: str) -> bool:
    """Whether fields are usually called so."""
    return _bare(name) in _USUAL or "_" in name.strip("_")


def field_name(written: str) -> str:
    """`first_name`, as a template names it, of `First Name`, `recipient.first-name` or `subscriber:first name`."""
    last = re.split(r"[.:]", written.strip())[-1]
    name = re.sub(r"\W+", "_", last.strip()).strip("_").lower()
    return name if name and (name[0].isalpha() or name[0] == "_") else NO_NAME


def _placeholder(match: re.Match[str]) -> Placeholder:
    return Placeholder(found=match[0], right=f"{{{{ {field_name(match['name'])} }}}}", start=match.start())


def _is_field(name: str, usual: Collection[str]) -> bool:
    """Whether fields are called so, or nothing but a program writes so: `First_Name`, `FIRST.NAME`."""
    return _bare(name) in usual or _bare(re.split(r"[.:]", name)[-1]) in usual or "_" in name.strip("_")


def _bare(name: str) -> str:
    return re.sub(r"[\W_]+", "", name).lower()
