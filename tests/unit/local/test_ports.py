from argparse import ArgumentTypeError

import pytest

from local.ports import Ports


@pytest.mark.parametrize("base", [1024, 65530])
def test_six_ports_follow_the_base(base: int) -> None:
    assert Ports.from_text(str(base)) == Ports(base, base + 1, base + 2, base + 3, base + 4, base + 5)


@pytest.mark.parametrize("base", ["", "x", "-1", "0", "1023", "65531", "70000", "1e4"])
def test_a_base_without_room_for_six_ports_is_told(base: str) -> None:
    with pytest.raises(ArgumentTypeError, match="1024 to 65530"):
        Ports.from_text(base)
