"""What a template's own text must not be: the markup or the placeholders of another tool, or nothing.

Its own text is what stands between the expressions. Looked at once, where a brief is read; a campaign that keeps a
template from before keeps it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from campaign.errors import TemplateError
from campaign.speech.fields.cleaning import MOJIBAKE, cleaned
from campaign.speech.placeholders import field_name, foreign_placeholder, is_usual_field
from campaign.speech.ssml import ssml_to_jinja
from campaign.speech.templates import MAX_TEMPLATE_CHARACTERS, TemplateSource
from workers.mends import LONGEST_SHOWN, TOLD_FAULTS

FILLED: Final = "\ufffc"
"""Stands for a character of what is filled in: places stay what they are."""
_STRING: Final = r'"[^"\n]*"|\'[^\'\n]*\''
_EXPRESSION: Final = re.compile(
    rf"\{{\{{(?:{_STRING}|[^{{}}\"']|\}}(?!\}}))*+\}}\}}"
    rf"|\{{%(?:{_STRING}|[^{{%\"']|%(?!\}}))*+%\}}"
    r"|\{#(?:[^#{]|#(?!\})|\{(?!#))*+#\}"
)
_TAG: Final = re.compile(r"<!--.*?-->|<!\[CDATA\[|\]\]>|<[?!/]?[^\W\d][^<>]*>", re.S)
_OPERATORS: Final = frozenset({"and", "or", "not", "is", "in", "if", "else"})
_BLOCKS: Final = frozenset({"else", "endif", "endlang", "emphasis", "endemphasis"})
_SIGILS: Final = "{#&^/!>$@% "
_BLANKS: Final = re.compile(r"\{\{-?\s*(?P<name>[^\W\d]\w*(?:[ .:/-]+\w+)+)\s*[?!]?\s*(?:\|.*?)?-?\}\}")
_NO_VARIABLE: Final = re.compile(r"\{\{-?\s*(?P<name>[{#&^/!>$@%]\s?[^\W\d][\w .:-]*)")
_NO_BLOCK: Final = re.compile(r"\{%-?\s*(?P<name>[^\W\d]\w*)\s*-?%\}")
_COMMENT: Final = re.compile(r"\{#(?P<name>[^\W\d]\w*)#\}")
_SSML: Final = re.compile(
    r"(?<!<)</?(?:speak|break|say-as|sub|lang|phoneme|emphasis|prosody|voice|audio|mark|lexicon|par|seq|media|"
    r"[a-z]+:[a-z-]+)\b[^<>]*>(?!>)",
    re.I,
)
_HTML: Final = re.compile(
    r"(?<!<)</?(?:a|abbr|article|b|big|blockquote|body|br|center|code|dd|del|div|dl|dt|em|font|footer|form|h[1-6]|head|header|"
    r"hr|html|i|img|input|ins|kbd|label|li|link|main|mark|meta|nav|ol|p|pre|q|s|samp|script|section|small|span|strike|"
    r"strong|style|sub|sup|table|tbody|td|tfoot|th|thead|title|tr|tt|u|ul|var|!doctype)\b[^<>]*>(?!>)|<!--",
    re.I,
)
_ENTITY: Final = re.compile(r"&(?:[a-z][a-z0-9]{1,30}|#[0-9]{1,7}|#x[0-9a-f]{1,6});", re.I)
_MARKDOWN: Final = (
    ("a heading", re.compile(r"^ {0,3}(?:#{2,6}[ \t]+\S|#[ \t]+[^\s\d]).*$", re.M)),
    ("a heading", re.compile(r"^ {0,3}(?:={3,}|\*{3,}|_{3,}) *$", re.M)),
    ("an image or a link", re.compile(r"!?\[[^\[\]\n]*\](?:\([^()\n]*\)|\[[^\[\]\n]*\]|:[ \t]\S+)")),
    (
        "bold text",
        re.compile(r"(?<!\*)\*\*(?=[^\s*])[^*\n]*[^\s*]\*\*(?!\*)|(?<!\w)__(?=[^\s_])[^_\n]*[^\s_]__(?!\w)"),
    ),
    ("text in italics", re.compile(r"(?<![\w*])\*(?=[^\s*])[^*\n]*[^\s*]\*(?![\w*])")),
    ("text in italics", re.compile(r"(?<![\w_])_(?=[^\s_])[^_\n]*[^\s_]_(?![\w_])")),
    ("struck text", re.compile(r"~~(?=\S)[^~\n]*\S~~")),
    ("code", re.compile(r"```|`[^`\n]+`")),
    ("an item of a list", re.compile(r"^ {0,6}\*[ \t]+\S.*$", re.M)),
    ("a list", re.compile(r"^ {0,6}1[.)][ \t]+\S[^\n]*\n\s*2[.)][ \t]+\S[^\n]*", re.M)),
    ("a table of settings", re.compile(r"\A\s*---[ \t]*\n(?:[\w-]+:[^\n]*\n)+---[ \t]*$", re.M)),
    ("a quotation", re.compile(r"^ {0,3}>[ \t]?\S.*$", re.M)),
    ("a table", re.compile(r"^ *\|.*\| *$", re.M)),
)


_DIRECTION: Final = re.compile(
    r"[\[(*<]\s*(?:(?:short|long|[0-9.,]+\s?m?s(?:ec(?:ond)?s?)?)\s+)?"
    r"(?:pause|break|silence|beep|laugh(?:s|ing|ter)?|sighs?|whisper(?:s|ing)?|music|breath(?:es)?)"
    r"(?:\s*[:= ]\s*[0-9.,]+\s?(?:ms|s|sec|seconds?|milliseconds?)?)?\s*[\])*>]",
    re.I,
)
_MAIL: Final = re.compile(
    r"\A\s*(?:Subject|Betreff|Objet|Asunto|Oggetto|Assunto)[ \t]*:[^\n]*\n[ \t]*\n", re.I
)
_UNFINISHED: Final = re.compile(r"\b(?:TODO|FIXME|TBD|XXX)\b|\b[Ll]orem ipsum\b")
"""What an author leaves for later."""
_COMMENT_LINE: Final = re.compile(r"^[ \t]*//[ \t].*$", re.M)
_ESCAPE: Final = re.compile(r"\\[nrt]")
_ITS_OWN_NAME: Final = re.compile(r"\{\{-?\s*(['\"])(?P<name>[^\W\d]\w*)\1\s*-?\}\}")
_NOT_HERE: Final = re.compile(
    r"\{%-?\s*(?:include|extends|import|from|for|block|macro|set|call|filter|with)\b"
)
_ENDS_OF_BLOCKS: Final = frozenset(
    {"endfor", "endblock", "endmacro", "endset", "endcall", "endfilter", "endwith", "continue", "break"}
)
_PAUSE: Final = re.compile(r"pause[ :]+(?P<ms>[0-9]+)")


class _Fault(NamedTuple):
    start: int
    problem: str
    mend: str


def check_own_text(source: TemplateSource) -> None:
    """Raises `TemplateError` with line, column and mend: one line of it for each fault, the first few of them."""
    if len(source.text) > MAX_TEMPLATE_CHARACTERS:
        return  # `Template` refuses it
    if source.name.endswith(".ssml"):
        ssml_to_jinja(source.text, source.name, strict=True)
    faults = sorted(_faults(source), key=lambda fault: fault.start)
    if not faults:
        return
    told = [f"{place_in(source, fault.start)}: {fault.problem}; {fault.mend}." for fault in faults]
    more = [f"... and more like these in {source.name}."] if len(told) > TOLD_FAULTS else []
    raise TemplateError(*told[:TOLD_FAULTS], *more)


def own_text(source: TemplateSource) -> str:
    """The text with values, character by character, as `FILLED`, and tags as blanks; as long as the template."""
    text = _EXPRESSION.sub(_filled, source.text)
    return _TAG.sub(_blank, text) if source.name.endswith(".ssml") else text


def _filled(match: re.Match[str]) -> str:
    is_value = match[0].startswith("{{") and not match[0][2:].lstrip("- ").startswith("pause(")
    return re.sub(r"[^\n]", FILLED, match[0]) if is_value else _blank(match)


def _blank(match: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", match[0])


def place_in(source: TemplateSource, offset: int) -> str:
    """`t.txt, line 2, column 7`: where a character of a template stands, counted from 1."""
    line = source.text.count("\n", 0, offset) + 1
    column = offset - (source.text.rfind("\n", 0, offset) + 1) + 1
    return f"{source.name}, line {line}, column {column}"


def _faults(source: TemplateSource) -> list[_Fault]:
    text = own_text(source)
    if misnamed := list(_names(source.text)):
        return [*misnamed, *_foreign(source, text)]
    if _NOT_HERE.search(source.text):
        return []  # `Template` says what there is in its place
    if not re.search(rf"[\w{FILLED}]", text):
        return [_Fault(0, "there is nothing to say in it", "write the message, for example Hello {{ name }}")]
    is_ssml = source.name.endswith(".ssml")
    if not is_ssml and (tagged := _tagged(source, text)):
        return [tagged]
    if foreign := list(_foreign(source, text)):
        return foreign
    if is_ssml:
        return []
    return _markdown(source, text) or list(_unspoken(source, text))


def _unspoken(source: TemplateSource, text: str) -> Iterator[_Fault]:
    """What stands in a message for those who read it, or was damaged on its way."""
    if match := _MAIL.search(text):
        mend = "a message that is spoken has none: take the line out"
        yield _Fault(match.start(), f"{_written(source, match)} is the subject of a mail", mend)
    for match in _DIRECTION.finditer(text):
        mend = "write {{ pause(300) }} for silence, or take it out"
        yield _Fault(
            match.start(),
            f"{_written(source, match)} is a direction to a speaker and would be read out",
            mend,
        )
    for match in _UNFINISHED.finditer(text):
        yield _Fault(
            match.start(), f"{_written(source, match)} is left to be written", "write the message out"
        )
    for match in _COMMENT_LINE.finditer(text):
        yield _Fault(
            match.start(), f"{_written(source, match)} would be read out", "write {# ... #} for a comment"
        )
    if match := _ESCAPE.search(text):
        mend = "begin a new line where one is meant, or take it out"
        yield _Fault(match.start(), f"{match[0]} is a blank or a line end as programs write it", mend)
    for match in re.finditer(r"\S+", text):
        was = None if match[0].isascii() else cleaned(match[0])
        if was is not None and MOJIBAKE in was.changes:
            problem = f"{_shown(match[0])} is {was.text}, UTF-8 that was read in another encoding"
            yield _Fault(
                match.start(), problem, "take the text anew from where it was written, and save it as UTF-8"
            )
            return
    for match in re.finditer(r"[{}\uff5b\uff5d]+", text):
        problem = f"{match[0]} is a brace that belongs to no field"
        yield _Fault(match.start(), problem, "write {{ name }}, with two on each side, or take it out")
        return


def _tagged(source: TemplateSource, text: str) -> _Fault | None:
    """SSML or HTML, where it begins: what is wrong is what the file is, not each of its tags."""
    if match := _SSML.search(text) or re.search(r"<\?xml\b|<speak\b", text):
        stem = re.sub(r"[.][^.]*$", "", source.name)
        where = (
            "write it into a file of its own, named in the brief, whose name ends in .ssml"
            if source.name.endswith(", inline")
            else f"name the file {stem}.ssml, in the brief too"
        )
        return _Fault(match.start(), f"{_written(source, match)} is SSML", f"{where}, or take the tags out")
    if match := _HTML.search(text):
        mend = "a message that is spoken has no tags: take them out, and write {{ pause(300) }} for a break"
        return _Fault(match.start(), f"{_written(source, match)} is HTML", mend)
    if match := _ENTITY.search(text):
        return _Fault(match.start(), f"{match[0]} is HTML for a character", "write the character itself")
    return None


def _markdown(source: TemplateSource, text: str) -> list[_Fault]:
    """The first of it."""
    found = [(match.start(), what, match) for what, pattern in _MARKDOWN if (match := pattern.search(text))]
    if not found:
        return []
    start, what, match = min(found, key=lambda one: one[0])
    mend = "a voice cannot say how text looks: write the words alone"
    return [_Fault(start, f"{_written(source, match)} is Markdown for {what}", mend)]


def _names(text: str) -> Iterator[_Fault]:
    """Expressions that are no variable's name, and were to be one."""
    for pattern in (_BLANKS, _NO_VARIABLE, _NO_BLOCK, _COMMENT):
        for match in pattern.finditer(text):
            name = match["name"]
            if (pattern is _BLANKS and _OPERATORS & set(name.split())) or name in _BLOCKS:
                continue
            if pattern is _NO_BLOCK and name in _ENDS_OF_BLOCKS:
                continue  # where it begins says more
            problem = (
                f"{_shown(match[0])} is no variable: a name has letters, figures and _, no blanks and signs"
            )
            right = f"{{{{ {field_name(name.lstrip(_SIGILS))} }}}}"
            if pattern is _COMMENT:
                problem = f"{match[0]} is a comment, which nobody hears"
            elif name in ("raw", "endraw"):
                problem, right = f"{match[0]} has no use here", "the text without it"
            elif pause := _PAUSE.fullmatch(name):
                right = f"{{{{ pause({pause['ms']}) }}}}"
            elif name[0] == ">":
                problem = f"{_shown(match[0])} is a piece of another tool"
                right = "its text in its place"
            elif name[0] in "#^/":
                problem = f"{_shown(match[0])} is a block of another tool"
                right = "{% if column %} ... {% endif %}"
            yield _Fault(match.start(), problem, f"write {right}")
    for match in _ITS_OWN_NAME.finditer(text):
        if is_usual_field(match["name"]):
            problem = f"{match[0]} says the word {match['name']}, not what the field holds"
            yield _Fault(match.start(), problem, f"write {{{{ {match['name']} }}}}")


def _foreign(source: TemplateSource, text: str) -> Iterator[_Fault]:
    if source.name.endswith(".ssml"):
        text = text.replace("&lt;", "   <").replace("&gt;", ">   ")
    offset = 0
    for _ in range(TOLD_FAULTS + 1):
        if (found := foreign_placeholder(text[offset:])) is None:
            return
        start, end = offset + found.start, offset + found.start + len(found.found)
        while start > offset and text[start] == text[start - 1] == "{":
            start -= 1
        while text[end - 1 : end + 1] == "}}":
            end += 1
        written = _shown(text[start:end].replace(FILLED, ""))
        mend = f"write {found.right}, with the column's name"
        yield _Fault(start, f"{written} is a placeholder of another tool", mend)
        offset = end


def _written(source: TemplateSource, match: re.Match[str]) -> str:
    return _shown(source.text[match.start() : match.end()])


def _shown(written: str) -> str:
    """What stands in the template, on one line and not beyond measure."""
    text = " ".join(written.split())
    return text if len(text) <= LONGEST_SHOWN else f"{text[: LONGEST_SHOWN - 3]}..."
