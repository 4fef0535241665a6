from types import SimpleNamespace

import pytest
from argon2 import Parameters, extract_parameters
from argon2.exceptions import VerifyMismatchError

from aval.adhesion import password
from aval.adhesion.password import Password, PasswordKeeper, password_faults
from tests.support.adhesion import AURORA, BOLT, FixedPepper

KEEPER = PasswordKeeper(FixedPepper())


def sentences(text: str) -> list[str]:
    return [fault.detail for fault in password_faults(Password.of(text), BOLT)]


@pytest.mark.parametrize(
    "text",
    [
        "19283746",
        "90123412",
        "abcdefg1"[2:] + "x9",
        "Chave7segura",
        "çãõ1áéíó",
        "Senha#2026!",
        "a1" + "bz" * 30 + "qx",
        "12345abcd9",
        "aaaaa1bc",
    ],
)
def test_accepts_eight_digits_or_a_mix_of_letters_and_digits(text: str) -> None:
    assert sentences(text) == []


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("1928374", "a senha deve ter de 8 a 64 caracteres"),
        ("a1" + "bz" * 31 + "q", "a senha deve ter de 8 a 64 caracteres"),
        ("192837465", "a senha só de algarismos deve ter exatamente 8; para uma mais longa, misture letras"),
        ("semnumeros", "a senha deve ter exatamente 8 algarismos, ou ao menos uma letra e um algarismo"),
        ("1928-3746", "a senha deve ter exatamente 8 algarismos, ou ao menos uma letra e um algarismo"),
        ("١٩٢٨٣٧٤٦", "a senha deve ter exatamente 8 algarismos, ou ao menos uma letra e um algarismo"),
        ("00000000", "a senha não pode ter repetições de mais de 5 caracteres"),
        ("aaaaaa1b", "a senha não pode ter repetições de mais de 5 caracteres"),
        ("12345678", "a senha não pode ter sequências crescentes de mais de 5 caracteres"),
        ("87654321", "a senha não pode ter sequências decrescentes de mais de 5 caracteres"),
        ("abcdefgh1?", "a senha não pode ter sequências crescentes de mais de 5 caracteres"),
        ("ABCdef1?x", "a senha não pode ter sequências crescentes de mais de 5 caracteres"),
        ("12121212", "a senha não pode ser um mesmo trecho repetido"),
        ("abc1abc1", "a senha não pode ser um mesmo trecho repetido"),
        ("33047509", "a senha não pode conter os oito primeiros caracteres do CNPJ"),
        ("x33047509y", "a senha não pode conter os oito primeiros caracteres do CNPJ"),
        ("Chave7\tsegura", "a senha não pode ter caracteres de controle"),
        ("Chave7\ud800segura", "a senha não pode ter caracteres de controle"),
    ],
)
def test_refuses_each_weakness_with_its_own_sentence(text: str, sentence: str) -> None:
    assert sentences(text) == [sentence]


def test_refuses_an_alphanumeric_cnpj_in_any_case() -> None:
    faults = password_faults(Password.of("12abc345x"), AURORA)
    assert [fault.rule for fault in faults] == ["senha"]


def test_several_weaknesses_are_all_told() -> None:
    assert len(sentences("1234567")) == 2


def test_a_kept_password_matches_and_another_does_not() -> None:
    stored = KEEPER.hash(BOLT, Password.of("Chave7segura"))
    assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert KEEPER.matches(BOLT, stored, Password.of("Chave7segura"))
    assert not KEEPER.matches(BOLT, stored, Password.of("Chave7segurA"))
    assert not KEEPER.matches(AURORA, stored, Password.of("Chave7segura"))


def test_composed_and_decomposed_letters_are_one_password() -> None:
    assert Password.of("ção1segura") == Password.of("c\u0327a\u0303o1segura")


def test_an_unknown_user_never_matches() -> None:
    assert not KEEPER.matches(BOLT, None, Password.of("Chave7segura"))


def test_an_unknown_user_costs_the_same_work_from_the_first_one_on(monkeypatch: pytest.MonkeyPatch) -> None:
    stored = KEEPER.hash(BOLT, Password.of("Chave7segura"))
    verified: list[Parameters] = []

    def verify(text: str, _: bytes) -> None:
        verified.append(extract_parameters(text))
        raise VerifyMismatchError

    # A hasher that only verifies: a decoy made on the way would fail here.
    monkeypatch.setattr(password, "_HASHER", SimpleNamespace(verify=verify))
    for known in (None, stored):
        assert not KEEPER.matches(BOLT, known, Password.of("Chave7segurA"))
    unknown, wrong = verified
    assert unknown == wrong


def test_any_text_may_be_tried() -> None:
    assert not KEEPER.matches(BOLT, None, Password.of("\ud800"))


def test_a_password_does_not_show() -> None:
    assert "Chave7segura" not in f"{Password.of('Chave7segura')!r} {Password.of('Chave7segura')}"
