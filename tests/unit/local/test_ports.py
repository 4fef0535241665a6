from argparse import ArgumentTypeError

import pytest

from local.ports import Ports


@pytest.mark.parametrize("base", [1024, 65529])
def test_seven_ports_follow_the_base(base: int) -> None:
    assert Ports.from_text(str(base)) == Ports(*range(base, base + 7))


@pytest.mark.parametrize("base", ["", "x", "-1", "0", "1023", "65530", "70000", "1e4"])
def test_a_base_without_room_for_seven_ports_is_told(base: str) -> None:
    with pytest.raises(ArgumentTypeError, match="1024 to 65529"):
        Ports.from_text(base)
