"""Another take of what was not heard, without anybody's asking: the same words, said anew with other chances.

The version that was not heard is kept and nobody's; its sentences that were heard stay as they are. When a sentence has
had its takes the row is held for a person.
"""

from __future__ import annotations

from collections.abc import Sequence, Set

from storage.lock import Lock
from storage.queue import takes
from storage.records import AssetWork, PlannedTake, TakePlace
from storage.session import Connection
from workers.requests import Spec
from workers.synthesis_key import Voice, synthesis_key


def next_takes(
    lock: Lock, places: Sequence[TakePlace], *, anew: Set[str] | None = None
) -> tuple[PlannedTake, ...]:
    """The next versions of these places: of the utterances `anew` (by synthesis key), or all, the next take."""
    planned = []
    for place in places:
        spec = Spec.from_json(place.spec)
        if anew is None or place.key in anew:
            spec = spec.next_take()
            key = synthesis_key(spec, Voice.under(lock, place.voice))
            planned.append(PlannedTake(place, key, spec.as_json()))
        else:
            planned.append(PlannedTake(place, place.key, place.spec))
    return tuple(planned)


def takes_after(
    connection: Connection, lock: Lock, work: AssetWork, unheard: Sequence[str]
) -> tuple[PlannedTake, ...]:
    """The next version of a file, some of whose utterances were not heard; none when one of them has had its takes."""
    assert lock.listening is not None
    places = takes.places(connection, work.campaign_id, [work.row])
    anew = [place for place in places if place.key in set(unheard)]
    if not anew or any(Spec.from_json(one.spec).take >= lock.listening.takes for one in anew):
        return ()
    return next_takes(lock, places, anew={place.key for place in anew})
