"""Many together, or one alone."""

from __future__ import annotations

import threading

from workers.claims.exclusive import ExclusiveLock


def test_nobody_is_alone_while_others_share() -> None:
    lock = ExclusiveLock()
    with lock.shared(), lock.alone() as alone:
        assert not alone
    with lock.alone() as alone:
        assert alone


def test_second_one_is_not_alone_beside_the_first() -> None:
    lock = ExclusiveLock()
    with lock.alone(), lock.alone() as second:
        assert not second
    with lock.alone() as alone:
        assert alone


def test_sharing_waits_until_the_one_alone_is_done() -> None:
    lock = ExclusiveLock()
    entered = threading.Event()

    def share() -> None:
        with lock.shared():
            entered.set()

    with lock.alone():
        thread = threading.Thread(target=share)
        thread.start()
        assert not entered.wait(0.2)
    assert entered.wait(10)
    thread.join()
