"""What the codes of failed and suppressed rows mean, in words that hold no personal data: for reports and for people.

Every code that this program gives a row is here; `tests/unit/report/test_reasons.py` reads the source for them.
"""

from __future__ import annotations

from collections.abc import Mapping

NOT_WANTED: Mapping[str, str] = {
    "suppression-list": "On an opt-out list of this campaign: nothing was made.",
    "opted-out": "On the opt-out list of the whole installation: nothing was made, or nothing more.",
    "duplicate": "Another row has the same id.",
}

OF_THE_ROW: Mapping[str, str] = {
    "no-id": "The row has no id.",
    "wrong-columns": "The row has more or fewer fields than the header.",
    "field-too-long": "A field is longer than the limit.",
    "nul": "A field holds a NUL character.",
    "not-json": "The line is not JSON.",
    "not-an-object": "The line is JSON, but not an object of fields.",
    "field-twice": "A line of JSON has two fields of one name.",
    "nested": "A field holds an object or a list.",
    "forbidden-character": "A field holds a control, private-use or direction character, or half of a character.",
    "not-a-locale": "The row's locale is no language tag.",
    "unknown-voice": "The row asks for a voice that the brief's presets do not list.",
    "unknown-locale": "The campaign has no template for the row's locale.",
    "missing-value": "A field that the template says is empty, and not optional.",
    "undefined-variable": "The template names a column that the recipients file does not have.",
    "wrong-comparison": "The template compares values that cannot be compared.",
    "too-many-values": "The template says more values than the limit.",
    "script-too-long": "The rendered script is longer than the limit.",
    "not-a-timezone": "The row's time zone is none of IANA.",
    "not-a-moment": "When the row may be sent cannot be read, or can be read in two ways.",
    "empty-window": "The row may be sent only after it may no longer be sent.",
    "empty-script": "The template came out empty for this row.",
    "rounded-id": "The id is a number that a spreadsheet has rounded.",
    "not-a-flag": "A field that says yes or no says neither.",
    "flag-said": "A field that says yes or no is to be spoken.",
    "not-a-language": "A field that names a language names none.",
    "placeholder": "A placeholder of another program stands where a value should.",
    "ambiguous-nothing": "A field may be empty, or hold a word that looks like it.",
    "rounded-number": "A number of which a spreadsheet kept only the first figures.",
    "float-or-number": "A number with a tail that a program may have added.",
    "utc-time": "A time with the sign of another time zone than the recipient's.",
    "serial-number": "A number by which a spreadsheet counts days, where a day should stand.",
    "made-a-date": "A code or number that a spreadsheet made a day of.",
    "spreadsheet-error": "An error of a spreadsheet in place of a value.",
    "spreadsheet-formula": "A formula of a spreadsheet in place of its result.",
    "html-tag": "A field holds markup of a web page.",
    "unknown-entity": "A field holds an entity of a web page that nothing is known of.",
    "escaped-text": "A field holds letters as another program escapes them.",
    "note-in-name": "A note of the file's keeper stands where a name should.",
    "lost-letter": "A field lost a letter on its way through another encoding.",
    "lost-part": "A part of the field is what a program writes for a missing value.",
    "letters-in-a-number": "A telephone number is written with letters.",
    "two-telephone-numbers": "A field holds more than one telephone number.",
}

OF_THE_DUTIES: Mapping[str, str] = {
    "caller-not-named": "The script does not say who calls.",
    "synthetic-voice-not-said": "The script does not say that the voice is synthetic.",
    "no-way-to-opt-out": "The script does not say how to stop further calls.",
}

OF_THE_TEXT: Mapping[str, str] = {
    "ambiguous-date": "A date that can be read in two ways; declare the order of the column.",
    "ambiguous-number": "A number that can be read in two ways; write it as a word, or declare the column.",
    "ambiguous-duration": "A duration that can be read in two ways; write its unit.",
    "unclear-value": "A sign or figure touches a value and is no part of any reading of it.",
    "not-a-date": "A date that cannot be read.",
    "no-such-date": "A date that the calendar does not have.",
    "not-a-time": "A time that cannot be read.",
    "not-a-year": "A year that cannot be read.",
    "not-money": "An amount that cannot be read.",
    "no-currency": "An amount without a currency.",
    "currency-mismatch": "An amount in another currency than the column's.",
    "unknown-currency": "A currency that cannot be read aloud.",
    "ambiguous-currency": "A sign that several currencies share.",
    "not-a-number": "A number that cannot be read.",
    "number-too-large": "A number too large to be read aloud.",
    "not-a-percentage": "A percentage that cannot be read.",
    "not-a-duration": "A duration that cannot be read.",
    "not-an-address": "An e-mail or web address that cannot be read.",
    "not-an-ordinal": "A rank that cannot be read.",
    "not-a-fraction": "A fraction that cannot be read.",
    "not-a-range": "A range that cannot be read.",
    "not-a-measure": "A measure that cannot be read.",
    "unknown-unit": "A unit that cannot be read aloud.",
    "not-digits": "A field of digits holds something else.",
    "not-a-telephone-number": "A telephone number that cannot be read.",
    "value-too-long": "A value is too long to be read aloud.",
    "unspeakable-character": "A character that no declared language can say.",
    "no-verbaliser": "Values of this kind cannot be read aloud in this language yet.",
    "no-grammar": "There is no normaliser for the language.",
    "phonemes-unsupported": "A template gives a pronunciation that the engine cannot say.",
    "lexicon-unsupported": "A lexicon entry has only pronunciations that the engine cannot say.",
    "not-normalised": "A part of the text has no reading.",
    "sentence-too-long": "One sentence is longer than the limit.",
    "too-complex": "One sentence has too many readings to choose from.",
    "unencodable": "The text holds half of a character.",
}

OF_THE_SOUND: Mapping[str, str] = {
    "unspeakable": "The voice cannot say a part of the text.",
    "voice-missing": "The preset has no voice for a language of the text.",
    "preset-unusable": "The preset cannot be used with this engine.",
    "too-few-words": "The voice garbles a text of so few words; join it with the sentence beside it.",
    "no-end": "The model found no end of the speech, which mostly means that it is garbled, so it was not released.",
    "silent": "The sound came out silent, so it was not released.",
    "no-sound": "There was no sound to deliver.",
    "clipped": "The sound came out clipped, so it was not released.",
    "gap": "The sound has a hole of silence in it, so it was not released.",
    "not-finite": "The model gave values that are not sound, so nothing was released.",
    "too-short": "The sound is too short for its text, so it was not released.",
    "too-long": "The sound is too long for its text, or longer than allowed, so it was not released.",
    "values-not-placed": "Nobody tells when the values are said, so they could not be helped to be heard.",
    "wrong-length": "The sound is not as long as requested, so it was not released.",
}

OF_THE_HEARING: Mapping[str, str] = {
    "not-heard": "What was heard is not what was to be said, so the file is held: a person accepts or rejects it.",
    "not-judged": "The file could not be judged by listening, so it is held: a person accepts or rejects it.",
    "recogniser-away": "Whoever listens to the files did not work, so this one was not released unheard.",
}

OF_THE_MARKS: Mapping[str, str] = {
    "mark-missing": "A mark that the file must carry could not be set or read back, so it was not released.",
}

OF_THE_MACHINE: Mapping[str, str] = {
    "engine-crashed": "The engine died while speaking this text alone.",
    "killed-its-worker": "Several workers died, or met a fault of the program, while working on this row alone.",
    "out-of-memory": "The text alone does not fit into the GPU's memory.",
    "object-refused": "The object store refuses this object: its key, its size or its checksum.",
    "store-failed": "The object store failed repeatedly.",
}

REASONS: Mapping[str, str] = {
    **NOT_WANTED,
    **OF_THE_ROW,
    **OF_THE_DUTIES,
    **OF_THE_TEXT,
    **OF_THE_SOUND,
    **OF_THE_HEARING,
    **OF_THE_MARKS,
    **OF_THE_MACHINE,
}


def reason_of(code: str) -> str:
    """One sentence for a code; for one of a third party's engine the code itself, spaced."""
    return REASONS.get(code, code.replace("-", " ").capitalize() + ".")
