"""The pattern that finds typed values in prose: one group a kind, the most specific first; by language and region."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from campaign.speech.values.shapes import (
    ADDRESS,
    ALONE,
    ALWAYS,
    CODE,
    END,
    MASK,
    MINUS,
    ROW_OF_DIGITS,
    SIGNS,
    START,
    after,
    also,
    dates,
    day_ranges,
    decades,
    dotted_times,
    groups_shape,
    measures,
    money_shape,
    moneys_shape,
    months_alone,
    number_shape,
    numeric_forms,
    ordinals,
    periods,
    ranks,
    short_forms,
    slashes,
    streets,
    telephones,
    times,
    unit_signs,
    weekdays,
    years,
)
from campaign.speech.verbalise import leads
from campaign.speech.verbalise.abbreviations import SHORT_FORMS
from campaign.speech.verbalise.roman import roman_pattern
from campaign.speech.verbalise.units import VULGAR_FRACTIONS
from campaign.speech.verbalise.written import month_names

_DOTLESS: Final = sorted({form for forms in SHORT_FORMS.values() for form in forms if form.isalpha()})
TRIGGER: Final = re.compile(
    r"\d|[^\W\d_]\.|\w@|www\.|[^\W\d_]/[^\W\d_]|[〇•*&%§€$£¥₹¢@#+=°×<>≤≥~≈±½¼¾⅓⅔⅛⅜⅝]|[º ª]\b"
    rf"|(?<!\w)(?:{'|'.join(_DOTLESS)})(?!\w)|\b[IVX]+(?:er?|re|ème)?\b"
)
"""Without one of these a text holds no typed value."""


@lru_cache(maxsize=64)
def pattern(language: str, region: str) -> re.Pattern[str]:
    """Every kind as a named group."""
    number = number_shape(language, region)
    parts = [
        ("address", ADDRESS),
        ("secret", after(leads.CODE.get(language, ()), ROW_OF_DIGITS)),
        ("section", after(leads.SECTION.get(language, ()), r"\d+(?:\.\d+)+(?!\w|\.\w)(?:\.(?=\s[a-zäöü]))?")),
        ("versus", after(leads.RATIO.get(language, ()), rf"\d{{1,3}}[:：]\d{{1,3}}{END}")),
        ("dash", r"(?<=[点时分日号元年楼层月天周岁米个%℃\d])\s?[~～]\s?(?=\d)"
                 + (r"|(?<=\d[点时分日号元年楼层月天周岁米个%℃])\s?[-–—]\s?(?=\d)" if language == "zh" else "")),
        ("hotline", after(leads.DIAL.get("zh", ()), r"\d{3,12}(?![-\d.])") if language == "zh" else ""),
        ("clock", dotted_times(language)),
        ("days", day_ranges() if language == "en" else ""),
        ("iso", rf"{START}\d{{4}}-\d{{2}}-\d{{2}}{END}|\d{{4}}年\d{{1,2}}月\d{{1,2}}[日号]"),
        ("dotted", rf"{ALONE}0\d(?:[.-]\d{{2}}){{4}}{END}" if language == "fr" else ""),
        ("date", dates(language)),
        ("daymonth", after(leads.DAY.get(language, ()), rf"\d{{1,2}}/\d{{1,2}}{END}(?!/)")),
        ("round", rf"{START}24/7{END}"),
        ("always", ALWAYS if language == "fr" else ""),
        ("version", rf"{START}\d+(?:\.\d+){{2,}}{END}(?!\.\d)" if language in ("en", "zh")
                    else rf"{START}\d+(?:\.\d+){{3,}}{END}"),
        ("time", times(language)),
        ("ratio", rf"{START}(?:\d{{1,3}}:\d|(?:2[5-9]|[3-9]\d|\d{{3}}):\d{{1,3}}){END}(?!:)"),
        ("pressure", rf"{START}(?:[6-9]\d|[12]\d\d)\s?/\s?(?:[3-9]\d|1[0-4]\d)(?:{END}|(?=mmHg))(?![/-])"
                     + also(after(leads.PRESSURE.get(language, ()), rf"\d{{1,2}}/\d{{1,2}}{END}(?!/)"))),
        ("mark", rf"{START}\d{{1,3}}[.,]\d{{1,2}}\s?/\s?\d{{1,3}}{END}(?!/)" if language != "zh" else ""),
        ("iban", r"(?<!\w)[A-Z]{2}\d{2}(?: [\dA-Z]{4}){3,7}(?: [\dA-Z]{1,3})?(?!\w)"),
        ("telephone", telephones(language)),
        ("emergency", after(leads.DIAL.get(language, ()) if language != "zh" else (),
                            rf"(?:1?[19]1[0-9]|999|101|988|000){END}")),
        ("zeros", rf"{ALONE}0\d{{1,3}}(?: \d{{2,4}})+(?![\w,.-])|{ALONE}\d{{3}} \d{{3}} (?!000)\d{{3}}(?![\w,.]| \d)"
                  if language in ("es", "it", "pt") else rf"{ALONE}0\d{{1,3}}(?: \d{{2,4}})+(?![\w,.-])"),
        ("register", r"(?<!\w)(?:\d{3}\.\d{3}\.\d{3}-\d{2}|\d{2}\.\d{3}\.\d{3}(?:/\d{4}-\d{2}|-\d))(?!\w)"
                     if language == "pt" else ""),
        ("moneys", moneys_shape(number)),
        ("money", money_shape(language, region, number)),
        ("cents", rf"{START}\d{{1,3}}\s?¢"),
        ("masked", rf"(?<![\w*•]){MASK}(?:[ -]{MASK}){{0,4}}[ -]?\d{{3,6}}(?!\w)"),
        ("groups", groups_shape(language)),
        ("dimensions", rf"{START}\d+\s?[x×]\s?\d+(?:\s?[x×]\s?\d+)?(?:\s?(?:{unit_signs(language)}))?"
                       r"(?![\w/²³]|\s?[€$£¥])"),
        ("times", rf"{START}\d{{1,2}}\s?[x×](?![\w\s]*\d){END}"),
        ("decade", decades(language)),
        ("measures", rf"{START}{number}\s?[-–—]\s?{number}\s?(?:{measures(language)}|%)(?![\w/²³]|['’]\w)"),
        ("large", rf"{START}{number}\s?(?:Mio|Mrd)\.(?=\s)" if language == "de" else ""),
        ("monthday", r"(?<![\d/])(?:1[0-2]|[1-9])/(?:[12]\d|3[01]|[1-9])(?=[前后起放至到止])"
                     if language == "zh" else ""),
        ("rank", ranks(language)),
        ("feet", rf"{START}\d{{1,2}}['′]\s?\d{{1,2}}(?:[\"″]|'')|{START}\d+(?:\.\d+)?[\"″](?=[\s.,;)])"
                 if language == "en" else ""),
        ("rate", rf"{START}{MINUS}{number}\s?(?:{unit_signs(language)})/(?:{unit_signs(language)})(?![\w/²³])"),
        ("unit", rf"(?<!§ ){START}{MINUS}{number}\s?(?:{measures(language)}|%)(?![\w/²³]|['’]\w|(?<=[VW])-\d)"),
        ("every", rf"{START}(?P<each_h>\d{{1,2}})/(?P=each_h)\s?h(?:oras)?{END}" if language == "pt" else ""),
        ("fraction", rf"{START}(?<![Pp]age )(?<![Ff]lat )(?<![Ss]eite )(?<![Pp]art )(?:\d+ )?"
                     rf"(?:[1-9]/[2-9]|[1-9]/10|1/100)"
                     rf"{END}(?![/])(?!\s(?i:{'|'.join(month_names(language))})\b)"
                     rf"|(?:\d+\s?)?[{''.join(VULGAR_FRACTIONS)}]"),
        ("ordinal", ordinals(language)),
        ("halves", rf"{START}(\d{{2}})/(?P=half){END}".replace(r"(\d{2})", r"(?P<half>\d{2})")),
        ("range", rf"{START}\d{{1,4}}\s?[–—]\s?\d{{1,4}}{END}|{START}\d{{1,3}}-\d{{1,3}}(?![\w-])"),
        ("initials", r"(?<![\w.])(?:[A-Z]\.){2,}(?!\w)"),
        ("roman", roman_pattern(language)),
        ("street", streets(language)),
        ("room", r"(?<!\d)\d{3,4}(?=号?[室房])|(?<!\d)[12]\d{3}(?=[版届款级])|(?<!\d)[5-9]0(?=后)"
                 r"|(?<!\d)\d{2}(?=年\d{1,2}月)"
                 if language == "zh" else ""),
        ("numeric", numeric_forms(language)),
        ("years", rf"{START}(?:1[5-9]|20)\d\d\s?[-–/]\s?(?:1[5-9]|20)\d\d{END}|{START}20\d\d/\d\d{END}"),
        ("hyphenated", rf"{START}{number}-(?:{unit_signs(language)})(?=-[^\W\d_]{{2,}}|\s[^\W\d_])"
                       if language in ("en", "de") else ""),
        ("compound", rf"{START}{number}(?=-[^\W\d_]{{3,}})"),
        ("code", CODE),
        ("hash", r"#\s?\d+"),
        ("month", months_alone(language)),
        ("year", years(language)),
        ("leading", r"(?<![\w.,])[-−]?\.\d+(?!\w)(?!\.\d)"),
        ("number", rf"{START}{MINUS}{number}{END}(?!['′’]\d)"),
        ("weekdays", weekdays(language)),
        ("slashed", slashes(language)),
        ("short", short_forms(language)),
        ("initial", r"(?<![\w.])[A-Z]\.(?=\s)" if language in ("es", "it", "pt") else ""),
        ("rated", rf"(?<=[\d€$£])\s?/\s?(?:{unit_signs(language)})(?![\w])\.?"),
        ("stroke", r"(?<=\w)\s/\s(?=\w)"),
        ("bullet", r"[•‣▪]\s*(?=[^\W\d_])"),
        ("by", r"(?<=[\dm])\s?[x×]\s?(?=\d)"),
        ("per", r"(?<=[\d€$£])\s?/(?=\s?[^\W\d_]{3,})" + also(periods(language))),
        ("each", r"(?<=[元块次\d])/(?=[月年天日时周晚个])" if language == "zh" else ""),
        ("sign", SIGNS),
    ]  # fmt: skip
    flags = re.ASCII if language == "zh" else re.NOFLAG  # Chinese letters are no part of a number's word
    return re.compile("|".join(f"(?P<{name}>{shape})" for name, shape in parts if shape), flags)
