import os
from pathlib import Path

import pytest

from local.lock import AlreadyRunning, held


def test_a_second_holder_is_told_who_the_first_is(tmp_path: Path) -> None:
    lock = tmp_path / "state" / "lock"
    with held(lock), pytest.raises(AlreadyRunning, match=str(os.getpid())), held(lock):
        pass


def test_a_lock_left_behind_is_free(tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    lock.write_text("99999999")
    with held(lock):
        assert lock.read_text() == str(os.getpid())
    with held(lock):
        pass
