import pytest

from aval.prudential.bands import Band, Bands, BandsUnreadable

USUAL = Bands.parse("0.20")


def test_the_usual_limit_makes_three_bands() -> None:
    assert USUAL.all() == (
        Band(0, "FA = 0", None, "0"),
        Band(1, "0 < FA ≤ 0,20", "0", "0.20"),
        Band(2, "FA > 0,20", "0.20", None),
    )


@pytest.mark.parametrize(
    ("factor", "number"),
    [
        ("0.000000000000", 0),
        ("0.000000000001", 1),
        ("0.200000000000", 1),
        ("0.200000000001", 2),
        ("12.000000000000", 2),
    ],
)
def test_a_factor_at_a_limit_is_in_the_band_below_it(factor: str, number: int) -> None:
    assert USUAL.number_of(factor) == number


def test_more_limits_make_more_bands() -> None:
    bands = Bands.parse("0.20,0.50,1")
    assert [band.description for band in bands.all()] == [
        "FA = 0",
        "0 < FA ≤ 0,20",
        "0,20 < FA ≤ 0,50",
        "0,50 < FA ≤ 1",
        "FA > 1",
    ]
    assert [bands.number_of(factor) for factor in ("0", "0.3", "0.50", "1.0", "1.1")] == [0, 2, 2, 3, 4]
    assert [band.number for band in bands.all()] == [0, 1, 2, 3, 4]


@pytest.mark.parametrize("text", ["", "0", "0.2,0.2", "0.5,0.2", "-1", "0,20", "1e3", "0.2;0.5", " 0.2", "x"])
def test_what_is_no_list_of_growing_limits_is_refused(text: str) -> None:
    with pytest.raises(BandsUnreadable):
        Bands.parse(text)
