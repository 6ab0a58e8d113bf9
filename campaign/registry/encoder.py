"""The encoder of speakers that this installation measures with: the one that is named, the catalogue's, or spectra.

Numbers of different encoders are never compared: each is kept with its encoder's name.
"""

from __future__ import annotations

from pathlib import Path

from campaign.registry.catalogue.keeping import Presence, place_of, presence
from campaign.registry.catalogue.table import CatalogueEntry, ModelFile, shipped_catalogue
from storage.settings import Settings
from workers.engines.engine import EngineError
from workers.measure.likeness import OnnxEncoder, SpeakerEncoder, SpectralEncoder

ENTRY = "speaker-encoder"


def find_encoder(settings: Settings, named: Path | None = None) -> SpeakerEncoder:
    """`named`, else what CAMPAIGN_SPEAKER_ENCODER names, else the catalogue's where it was fetched, else spectra.

    Raises `EngineError` for a file that is no encoder, or not what the catalogue means.
    """
    if chosen := named or settings.speaker_encoder:
        return OnnxEncoder(chosen.expanduser())
    entry, file = _shipped()
    place = place_of(settings, entry)
    if presence(place, entry) is not Presence.HERE:
        return SpectralEncoder()
    encoder = OnnxEncoder(place / file.path)
    if encoder.name != OnnxEncoder.name_of(file.sha256):
        raise EngineError(f"{place / file.path} is damaged; `campaign voice get {ENTRY}` mends it")
    return encoder


def kept_file(settings: Settings, encoder: SpeakerEncoder) -> str:
    """Where `find_encoder`'s lies among the models of a machine; empty for a file that somebody names."""
    entry, file = _shipped()
    is_catalogues = not settings.speaker_encoder and encoder.name == catalogue_encoder_name()
    return f"{place_of(settings, entry).name}/{file.path}" if is_catalogues else ""


def catalogue_encoder_name() -> str:
    """Under which the numbers of the catalogue's encoder are kept, here or not."""
    return OnnxEncoder.name_of(_shipped()[1].sha256)


def _shipped() -> tuple[CatalogueEntry, ModelFile]:
    entry = shipped_catalogue().find(ENTRY)
    (file,) = entry.files
    return entry, file
