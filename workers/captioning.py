"""Captions put beside a finished file, before its row is committed."""

from __future__ import annotations

import hashlib

from storage.keys import caption_key
from storage.objects import ObjectStore
from storage.records import AssetWork, StoredCaptions
from workers.finish import FinishedAudio, FinishProfile
from workers.finish.captions import CONTENT_TYPES, WRITERS, CaptionedFile, captions_in
from workers.requests import Spec


def put_captions(
    store: ObjectStore, work: AssetWork, profile: FinishProfile, key: str, audio: FinishedAudio
) -> tuple[StoredCaptions, ...]:
    """In each form that the profile asks for, beside the file at `key`. Raises `ObjectStoreError`."""
    if not profile.captions:
        return ()
    texts = [Spec.from_json({} if part.words is None else part.words.spec).text for part in work.parts]
    file = CaptionedFile(
        campaign_id=work.campaign_id,
        row=work.row,
        version=work.version,
        captions=captions_in(texts, audio.extents, audio.rate_hz),
    )
    stored = []
    for form in profile.captions:
        data = WRITERS[form](file).encode()
        sha256 = hashlib.sha256(data).hexdigest()
        beside = caption_key(key, form)
        store.put(beside, data, sha256=sha256, content_type=CONTENT_TYPES[form])
        stored.append(StoredCaptions(key=beside, sha256=sha256, size_bytes=len(data)))
    return tuple(stored)
