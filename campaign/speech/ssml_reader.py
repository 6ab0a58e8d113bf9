"""SSML as a tree whose elements know their place; and what is wrong with XML, by its cause, with place and mend.

Prefixes are not resolved: vendors' documents write `mstts:` and `google:` with and without a declaration, and either
way what matters is which element it is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final
from xml.parsers import expat

from campaign.errors import TemplateError
from campaign.speech.guard import FORBIDDEN
from workers.mends import shown

NAMESPACE: Final = "http://www.w3.org/2001/10/synthesis"
MAX_DEPTH: Final = 20
"""Elements within each other."""
_DECLARATION: Final = re.compile(r"\A\s*<\?xml\b[^>]*\?>")


@dataclass(slots=True, kw_only=True)
class Element:
    """One element with what is in it."""

    tag: str
    """As it is written, but without a prefix that stands for SSML itself."""
    attributes: dict[str, str]
    place: str
    """`t.ssml, line 2, column 7`."""
    parts: list[str | Element] = field(default_factory=list)

    def refused(self, problem: str) -> TemplateError:
        """The error about this element."""
        return TemplateError(f"{self.place}: {problem}")


class SsmlReader:
    """Expat's handlers: elements, none of them deeper than `MAX_DEPTH`; a document type is refused when it begins."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._open: list[Element] = []
        self._prefix = ""
        self._root: Element | None = None
        self._parser = expat.ParserCreate("utf-8")  # whatever the text says of itself: it is decoded
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text
        self._parser.StartDoctypeDeclHandler = self._document_type

    def read(self, text: str) -> Element:
        """The outermost element; raises `TemplateError`."""
        text = _DECLARATION.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), text.removeprefix("\ufeff"))
        if not text.lstrip().startswith("<"):
            raise TemplateError(
                f"{self._name}, line 1, column 1: it does not begin with <speak>; write <speak> ... </speak> around "
                "the text, or give the file a name that ends in .txt"
            )
        try:
            self._parser.Parse(text.encode(), True)
        except UnicodeEncodeError as error:
            raise TemplateError(f"{self._name}: half of a character; write it anew") from error
        except expat.ExpatError as error:
            line, column = error.lineno, _column(text, error)
            raise TemplateError(
                f"{self._name}, line {line}, column {column}: {self._cause(error.code, text, line, column)}"
            ) from error
        assert self._root is not None
        return self._root

    def _here(self) -> str:
        line, offset = self._parser.CurrentLineNumber, self._parser.CurrentColumnNumber
        return f"{self._name}, line {line}, column {offset + 1}"

    def _document_type(self, *_: object) -> None:
        raise TemplateError(
            f"{self._here()}: a document type is not allowed, nor are entities of one's own; remove <!DOCTYPE ...> and "
            "write the characters themselves"
        )

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if not self._open:
            declared = (key for key, space in attributes.items() if space == NAMESPACE)
            self._prefix = next((key[6:] + ":" for key in declared if key.startswith("xmlns:")), "")
        element = Element(
            tag=name.removeprefix(self._prefix) if self._prefix else name,
            attributes=attributes,
            place=self._here(),
        )
        for value in attributes.values():
            self._refuse_forbidden(value)
        if len(self._open) == MAX_DEPTH:
            raise element.refused(f"more than {MAX_DEPTH} elements within each other; write it flatter")
        if self._open:
            self._open[-1].parts.append(element)
        else:
            self._root = element
        self._open.append(element)

    def _end(self, name: str) -> None:
        self._open.pop()

    def _refuse_forbidden(self, text: str) -> None:
        """A reference such as `&#xE000;` is the character itself, which could fake a mark."""
        if match := FORBIDDEN.search(text):
            raise TemplateError(
                f"{self._here()}: the character U+{ord(match[0]):04X} is not allowed; remove it"
            )

    def _text(self, data: str) -> None:
        self._refuse_forbidden(data)
        self._open[-1].parts.append(data)

    def _cause(self, code: int, text: str, line: int, column: int) -> str:
        """What is wrong there, and the mend."""
        lines = text.split("\n")
        there = lines[line - 1] if line <= len(lines) else ""
        before, after = there[: column - 1], there[column - 1 :]
        innermost = self._open[-1] if self._open else None
        if code == _CODES["XML_ERROR_UNDEFINED_ENTITY"]:
            entity = (re.match(r"&\w*;", after) or ["that entity"])[0]
            return f"{entity} is none of XML's; write the character itself"
        if code == _CODES["XML_ERROR_TAG_MISMATCH"] and innermost is not None:
            closing = re.sub(r"^<?/?([^\s>]*).*", r"\1", after)
            return (
                f"</{closing}> stands where <{innermost.tag}> ({_line_of(innermost)}) is still open; "
                f"write </{innermost.tag}> before it"
            )
        if code in (_CODES["XML_ERROR_NO_ELEMENTS"], _CODES["XML_ERROR_UNCLOSED_TOKEN"]):
            if code == _CODES["XML_ERROR_UNCLOSED_TOKEN"] or innermost is None:
                return "a tag that begins here does not end; write its >, and each quotation mark twice"
            return f"<{innermost.tag}> ({_line_of(innermost)}) is not closed; write </{innermost.tag}>"
        if code == _CODES["XML_ERROR_JUNK_AFTER_DOC_ELEMENT"]:
            return (
                "something stands after the end of the outermost element; move it into <speak> ... </speak>"
            )
        if code == _CODES["XML_ERROR_DUPLICATE_ATTRIBUTE"]:
            return "an attribute stands twice in one tag; leave one of them out"
        if code == _CODES["XML_ERROR_MISPLACED_XML_PI"]:
            return "<?xml ...?> stands in the middle; leave it out"
        return _of_token(before, after)


def _of_token(before: str, after: str) -> str:
    """What "invalid token" means, by the signs around it."""
    tag = before.rpartition("<")[2] if before.rfind("<") > before.rfind(">") else None
    alone = re.search(r"&(?:#?\w*)$", before)
    if after.startswith("&") or alone:
        return "an & stands alone; write &amp;"
    if tag is None or not re.match(r"[/?!]?[^\W\d]", tag):
        return "a < that begins no tag; write &lt;"
    if after.startswith("<"):
        return f"a < inside the tag {shown('<' + tag)}; write &lt; in its value, or close the tag with > before it"
    return (
        f'the tag {shown("<" + tag)} is not written right here; each attribute is name="value", and a quotation mark '
        "inside a value is &quot;"
    )


def _line_of(element: Element) -> str:
    return element.place.partition(", ")[2].partition(",")[0]


def _column(text: str, error: expat.ExpatError) -> int:
    """Counted from 1, in characters: expat counts bytes."""
    lines = text.encode().split(b"\n")
    line = lines[error.lineno - 1] if error.lineno <= len(lines) else b""
    return len(line[: error.offset].decode(errors="ignore")) + 1


_CODES: Final = {
    name: expat.errors.codes[getattr(expat.errors, name)]
    for name in (
        "XML_ERROR_UNDEFINED_ENTITY",
        "XML_ERROR_TAG_MISMATCH",
        "XML_ERROR_NO_ELEMENTS",
        "XML_ERROR_UNCLOSED_TOKEN",
        "XML_ERROR_JUNK_AFTER_DOC_ELEMENT",
        "XML_ERROR_DUPLICATE_ATTRIBUTE",
        "XML_ERROR_MISPLACED_XML_PI",
    )
}
