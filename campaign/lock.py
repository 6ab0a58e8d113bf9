"""What a campaign fixes at submit: the front end's whole configuration, and a digest of everything that decides
its sound, so that a later day can say what has changed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from campaign.brief import Brief, Purpose
from campaign.disclosure import Disclosure, disclosure_of
from campaign.errors import BriefError
from campaign.lexicons import abilities_of, campaign_lexicon
from campaign.preflight import template_languages
from campaign.registry import ChosenVoice
from campaign.speech.front_end import FrontEndConfig
from campaign.speech.lexicon.matching import LabelledRules
from campaign.speech.nemo.normaliser import GRAMMAR_LANGUAGES, grammar_digest
from campaign.speech.revision import SPEECH_REVISION
from storage.canonical import digest
from storage.settings import Settings
from workers.engines.engine import Capabilities
from workers.finish import FINISH_REVISION, FinishProfile

FIRST_CHARACTERS = 60
"""About four seconds: a longer first sentence is parted where somebody listens while it is made."""


def front_end_config(
    brief: Brief, chosen: ChosenVoice, settings: Settings, lexicons: Sequence[LabelledRules]
) -> FrontEndConfig:
    """The text front end of a campaign; `lexicons` are those that its brief fixes."""
    return FrontEndConfig(
        templates=dict(brief.templates),
        columns=brief.column_specs(),
        languages=brief.languages,
        vocabulary=_characters(chosen.capabilities) or None,
        lexicon=campaign_lexicon(lexicons, chosen),
        abilities=abilities_of(chosen),
        grammar_cache_dir=settings.home / "grammars",
        leftover=brief.leftover,
        disclosure=brief_disclosure(brief),
        max_first_characters=FIRST_CHARACTERS if brief.is_streamed else None,
    )


def _characters(capabilities: Capabilities) -> frozenset[str]:
    return frozenset(chr(code) for first, last in capabilities.characters for code in range(first, last + 1))


def brief_disclosure(brief: Brief) -> Disclosure | None:
    """What each script of a brief must say of itself; raises `BriefError`."""
    return disclosure_of(
        brief.disclosure,
        territories=brief.territories,
        languages=template_languages(brief),
        commercial=brief.purpose == Purpose.COMMERCIAL,
    )


def refuse_unmarkable(settings: Settings, profile: FinishProfile) -> None:
    """Raise `BriefError` where files cannot be marked as the profile asks."""
    from workers.marking import marker_of, problem_of

    if profile.marks and (problem := problem_of(marker_of(settings), profile)):
        raise BriefError(f"finish asks for {', '.join(profile.marks)}: {problem}")


def lock_of(
    brief: Brief, chosen: ChosenVoice, profile: FinishProfile, lexicons: Sequence[LabelledRules]
) -> dict[str, Any]:
    """The digests that a campaign keeps, JSON-ready."""
    grammars = {
        language: grammar_digest(language) for language in brief.languages if language in GRAMMAR_LANGUAGES
    }
    return {
        "brief": brief.digest,
        "templates": {locale: digest(one.text) for locale, one in brief.templates.items()},
        "lexicons": {one.label: one.rules.digest for one in lexicons},
        "grammars": grammars,
        "preset": {"label": chosen.preset.label, "sound_digest": chosen.voice.preset_digest},
        "pin": {"id": chosen.pin.id, "digest": chosen.pin.digest},
        "engine": {"name": chosen.voice.engine, "revision": chosen.voice.engine_revision},
        "speech_revision": SPEECH_REVISION,
        "finish": {"digest": profile.digest, "revision": FINISH_REVISION},
    }
