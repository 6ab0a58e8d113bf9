"""A subset of SSML as template source: `speak p s say-as sub lang phoneme break emphasis`.

SSML is rewritten to the filters and tags of the plain form, so both compile to the same spans. Fields are
written `{{ field }}` inside it; the XML is parsed before any field is filled, so no field can add markup.
"""

from __future__ import annotations

import re
from xml.etree import ElementTree
from xml.parsers import expat

from campaign.errors import TemplateError
from workers.mends import shown

_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_NAMESPACE = "{http://www.w3.org/2001/10/synthesis}"
_EXPRESSION = re.compile(r"\s*\{\{(.+?)\}\}\s*", re.S)
_STRENGTHS_MS = {"none": 0, "x-weak": 100, "weak": 200, "medium": 400, "strong": 700, "x-strong": 1000}
MAX_DEPTH = 20
"""Elements within each other."""
_KNOWN = frozenset({"speak", "p", "s", "say-as", "sub", "lang", "phoneme", "break", "emphasis"})


def ssml_to_jinja(text: str, name: str) -> str:
    """The same template in the plain form; raises `TemplateError` naming element and file."""
    root = _Reader(name).read(text)
    if _local(root) != "speak":
        raise TemplateError(f"{name}: the outermost element is <{_local(root)}>; write <speak> ... </speak>")
    return _children(root, name).strip()


class _Reader:
    """Expat's handlers: elements, none of them deeper than `MAX_DEPTH`; a document type is refused when it begins."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._builder = ElementTree.TreeBuilder()
        self._depth = 0
        self._parser = expat.ParserCreate("utf-8", " ")  # whatever the text says of itself: it is decoded
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._builder.data
        self._parser.StartDoctypeDeclHandler = self._document_type

    def read(self, text: str) -> ElementTree.Element:
        """The outermost element."""
        try:
            self._parser.Parse(text.encode(), True)
        except UnicodeEncodeError as error:
            raise TemplateError(f"{self._name}: half of a character; write it anew") from error
        except expat.ExpatError as error:
            raise TemplateError(
                f"{self._name}, line {error.lineno}: not well-formed XML: {expat.ErrorString(error.code)}; "
                "correct it there (write & as &amp;)"
            ) from error
        return self._builder.close()

    def _refuse(self, problem: str) -> TemplateError:
        return TemplateError(f"{self._name}, line {self._parser.CurrentLineNumber}: {problem}")

    def _document_type(self, *_: object) -> None:
        raise self._refuse("a document type is not allowed; remove it")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise self._refuse(f"more than {MAX_DEPTH} elements within each other; write it flatter")
        self._builder.start(_curly(name), {_curly(key): value for key, value in attributes.items()})

    def _end(self, name: str) -> None:
        self._depth -= 1
        self._builder.end(_curly(name))


def _curly(name: str) -> str:
    """`{space}local`, as ElementTree has it, of expat's `space local`."""
    space, _, local = name.rpartition(" ")
    return f"{{{space}}}{local}" if space else local


def _local(element: ElementTree.Element) -> str:
    return element.tag.removeprefix(_NAMESPACE)


def _children(element: ElementTree.Element, name: str) -> str:
    parts = [element.text or ""]
    for child in element:
        parts.append(_element(child, name))
        parts.append(child.tail or "")
    return "".join(parts)


def _element(element: ElementTree.Element, name: str) -> str:
    tag = _local(element)
    if tag not in _KNOWN or tag == "speak":
        raise TemplateError(f"{name}: <{tag}> is not supported; use {', '.join(sorted(_KNOWN - {'speak'}))}")
    if tag in ("p", "s"):
        body = _children(element, name).strip()
        language = element.get(_XML_LANG)
        if language:
            body = f'{{% lang "{_constant(language, name)}" %}}{body}{{% endlang %}}'
        return f"\n\n{body}\n\n"
    if tag == "break":
        return f"{{{{ pause({_break_ms(element, name)}) }}}}"
    if tag == "lang":
        language = _required(element, _XML_LANG, "xml:lang", name)
        return f'{{% lang "{language}" %}}{_children(element, name)}{{% endlang %}}'
    if tag == "emphasis":
        level = _constant(element.get("level", "moderate"), name)
        return f'{{% emphasis "{level}" %}}{_children(element, name)}{{% endemphasis %}}'
    return _filtered(element, tag, name)


def _filtered(element: ElementTree.Element, tag: str, name: str) -> str:
    if len(element):
        raise TemplateError(f"{name}: <{tag}> holds text only; move <{_local(element[0])}> out of it")
    text = element.text or ""
    match = _EXPRESSION.fullmatch(text)
    if match is None and ("{{" in text or "{%" in text):
        raise TemplateError(f"{name}: <{tag}> holds text or one {{{{ field }}}}, not both; split it in two")
    value = match[1].strip() if match else f'"{_constant(text, name)}"'
    if tag == "say-as":
        kind = _required(element, "interpret-as", "interpret-as", name)
        detail = element.get("format") or element.get("detail")
        arguments = f'"{kind}"' + (f', "{_constant(detail, name)}"' if detail else "")
        return f"{{{{ {value} | say_as({arguments}) }}}}"
    if tag == "sub":
        return f'{{{{ {value} | alias("{_required(element, "alias", "alias", name)}") }}}}'
    pronunciation = _required(element, "ph", "ph", name)
    alphabet = _constant(element.get("alphabet", "ipa"), name)
    return f'{{{{ {value} | phoneme("{pronunciation}", alphabet="{alphabet}") }}}}'


def _required(element: ElementTree.Element, key: str, shown: str, name: str) -> str:
    value = element.get(key)
    if not value:
        raise TemplateError(f"{name}: <{_local(element)}> lacks {shown}; add it")
    return _constant(value, name)


def _constant(text: str, name: str) -> str:
    if '"' in text or "\\" in text or "{{" in text:
        raise TemplateError(
            f"{name}: {shown(text)} holds a quotation mark, a backslash or {{{{; leave it out"
        )
    return " ".join(text.split())


def _break_ms(element: ElementTree.Element, name: str) -> int:
    time = element.get("time")
    if time is None:
        strength = element.get("strength", "medium")
        if strength not in _STRENGTHS_MS:
            raise TemplateError(
                f"{name}: no break strength {shown(strength)}; use one of {', '.join(_STRENGTHS_MS)}"
            )
        return _STRENGTHS_MS[strength]
    match = re.fullmatch(r"([0-9]{1,6}(?:\.[0-9]{1,6})?)(ms|s)", time.strip())
    if match is None:
        raise TemplateError(f'{name}: break time {shown(time)} is not a time; write time="300ms"')
    return round(float(match[1]) * (1000 if match[2] == "s" else 1))
