"""A reader list counts for a company when its certificate, or a reader before, signed it."""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import given
from hypothesis import strategies as st

from aval.identifiers import Cnpj
from aval.sealing import certified_signatures, signatures
from aval.sealing.authorisation import (
    KIND,
    MOST_ADDITIONS,
    Authorisation,
    Authorised,
    authorised_digest,
    is_by_certificate,
    require_authorisation,
    roots_of,
    sign_addition,
)
from aval.sealing.canonical import canonical
from aval.sealing.readers import Readers
from aval.sealing.refusals import SealReason
from local.issuing import client_extensions, extension, new_root
from tests.support import pki
from tests.support.authorisations import (
    AT,
    COMPANY,
    above,
    addition,
    authorisation,
    chain,
    roots_pem,
)
from tests.support.sealing import reader, readers, refused


def digest(*signed: str, at: Any = AT, company: Cnpj = COMPANY, roots: str | None = None) -> str | None:
    return authorised_digest(signed, company, roots_pem() if roots is None else roots, at=at)


def require(signed: str, former: Readers | None = None, *, at: Any = AT, company: Cnpj = COMPANY) -> Any:
    held = Authorised(former, AT, None) if former else None
    return require_authorisation(signed, held, company, roots_of(roots_pem()), at=at)


def told(**changes: Any) -> Authorisation:
    return replace(Authorisation(COMPANY, readers(), AT, None), **changes)


def signed_over(payload: bytes) -> str:
    return certified_signatures.sign(payload, kind=KIND, chain=chain(), key=pki.rsa_key("leaf"))


def test_a_list_signed_by_the_companys_certificate_counts() -> None:
    assert digest(authorisation()) == readers().digest
    found = require(authorisation())
    assert found.readers == readers()
    assert found.certificate.holder_cnpj == COMPANY


def test_a_list_signed_by_a_key_on_p_256_counts() -> None:
    held = chain(key=pki.ec_key())
    assert digest(authorisation(certificates=held, key=pki.ec_key())) == readers().digest


def test_the_cnpj_in_the_alternative_name_counts() -> None:
    held = chain(cnpj=None, other_names=pki.cnpj_in_san(COMPANY, 0x0C))
    assert digest(authorisation(certificates=held)) == readers().digest


def test_head_office_and_branches_share_a_certificate() -> None:
    assert digest(authorisation(company=pki.BRANCH), company=pki.BRANCH) == readers().digest


def test_without_any_list_nobody_is_authorised() -> None:
    assert digest() is None


def test_the_next_list_is_signed_by_a_reader_of_the_one_before() -> None:
    second, third = readers("ana", "caio"), readers("dora")
    walk = (authorisation(), addition(second, readers()), addition(third, second, by="caio"))
    assert digest(*walk) == third.digest
    assert require(walk[1], readers()).readers == second


@pytest.mark.parametrize(
    "broken",
    [
        "",
        "a.b.c",
        "é",
        addition(readers("ana", "caio"), readers("bia")),
        addition(readers("ana", "caio"), readers(), by="caio"),
        addition(readers("ana", "caio"), readers(), company=pki.OLD_COMPANY),
    ],
    ids=["empty", "garbage", "outside ASCII", "after another list", "by a stranger", "of another company"],
)
def test_what_does_not_hold_ends_the_walk_with_what_held_before(broken: str) -> None:
    later = addition(readers("dora"), readers())
    assert digest(authorisation(), broken) == readers().digest
    assert digest(authorisation(), broken, later) == readers().digest
    assert digest(broken, later) is None


def test_a_certificate_starts_anew_where_keys_were_lost_or_another_expired() -> None:
    expired = authorisation(certificates=chain(begins=AT - timedelta(days=366)))
    renewed = authorisation(readers("dora"))
    assert digest(expired) is None
    assert digest(expired, addition(readers("ana"), readers())) is None
    assert digest(expired, addition(readers("ana"), readers()), renewed) == readers("dora").digest
    assert (
        digest(renewed, addition(readers("eva"), readers("dora"), by="dora"), expired)
        == readers("eva").digest
    )


@pytest.mark.parametrize("seconds", [0, -1])
def test_a_certificate_counts_within_both_its_bounds_and_not_a_second_outside(seconds: int) -> None:
    held = chain(begins=AT, lifetime=timedelta(days=1))
    signed = authorisation(certificates=held, at=AT - timedelta(minutes=1))
    first, last = AT + timedelta(seconds=seconds), AT + timedelta(days=1, seconds=-seconds)
    expected = readers().digest if seconds == 0 else None
    assert digest(signed, at=first) == digest(signed, at=last) == expected


def test_only_so_many_lists_are_read_after_the_certificates() -> None:
    listed = [
        Readers((reader("ana").public, reader(f"leitor-{n % 2}").public)) for n in range(MOST_ADDITIONS + 2)
    ]
    walk = [authorisation(listed[0])]
    walk += [addition(after, before) for before, after in pairwise(listed)]
    assert digest(*walk[: MOST_ADDITIONS + 1]) == listed[MOST_ADDITIONS].digest
    assert digest(*walk) == listed[MOST_ADDITIONS].digest


@pytest.mark.parametrize(
    "changes",
    [
        {"cnpj": pki.OLD_COMPANY},
        {"cnpj": None},
        {"cnpj": "12345678909"},
        {"key_usages": ("key_encipherment",)},
        {"begins": AT - timedelta(days=366)},
        {"begins": AT + timedelta(seconds=1)},
        {"extensions": ()},
        {"digest": hashes.SHA224()},
        {"extensions": (*client_extensions(), extension(x509.OCSPNoCheck(), critical=True))},
        {"extensions": (*client_extensions(), extension(x509.BasicConstraints(ca=True, path_length=None)))},
    ],
    ids=[
        "another company",
        "no CNPJ",
        "a CPF",
        "no signing",
        "expired",
        "not yet valid",
        "no key usage",
        "a weak hash",
        "something critical that nobody knows",
        "an authority that may sign",
    ],
)
def test_a_certificate_that_does_not_fit_authorises_nobody(changes: dict[str, Any]) -> None:
    signed = authorisation(certificates=chain(**changes))
    assert digest(signed) is None
    with refused(SealReason.AUTHORISATION):
        require(signed)


def test_an_authority_signs_no_list() -> None:
    tree = pki.hierarchy()
    authority = pki.authority(tree.second, "AC", subject=pki.leaf_request().subject)
    der = authority.certificate.public_bytes(Encoding.DER)
    with refused(SealReason.AUTHORISATION):
        require(authorisation(certificates=(der, *above()[1:]), key=authority.key))


def test_a_chain_without_its_authorities_or_to_another_root_is_refused() -> None:
    with refused(SealReason.AUTHORISATION):
        require(authorisation(certificates=chain()[:1]))
    own = new_root("Raiz de outrem", pki.rsa_key("other root"), pki.AUTHORITIES_BEGIN)
    foreign = (pki.leaf(issuer=own), own.certificate.public_bytes(Encoding.DER))
    with refused(SealReason.AUTHORISATION):
        require(authorisation(certificates=foreign))


def test_an_authority_among_the_roots_that_is_none_anchors_nothing() -> None:
    issuing = pki.hierarchy().issuing.certificate.public_bytes(Encoding.PEM).decode()
    assert digest(authorisation(), roots=issuing) is None


@pytest.mark.parametrize("roots", ["", "nenhuma", "-----BEGIN CERTIFICATE-----AAAA-----END CERTIFICATE-----"])
def test_without_measured_roots_nobody_is_authorised(roots: str) -> None:
    assert digest(authorisation(), roots=roots) is None


def test_a_chain_that_cannot_be_read_is_refused() -> None:
    with refused(SealReason.AUTHORISATION):
        require(authorisation(certificates=(b"0", *above())))


def test_another_key_than_the_certificates_is_refused() -> None:
    with refused(SealReason.SIGNATURE):
        require(authorisation(key=pki.rsa_key("another")))


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"company": pki.OLD_COMPANY}, SealReason.COMPANY_MISMATCH),
        ({"issued_at": AT + timedelta(minutes=10, seconds=1)}, SealReason.FROM_THE_FUTURE),
        ({"former": readers("ana").digest}, SealReason.AUTHORISATION),
    ],
)
def test_a_certificates_list_that_says_something_else_is_refused(
    changes: dict[str, Any], reason: SealReason
) -> None:
    with refused(reason):
        require(signed_over(canonical(told(**changes).as_json())))


def test_a_clock_that_is_ten_minutes_ahead_is_taken() -> None:
    assert require(authorisation(at=AT + timedelta(minutes=10))).readers == readers()


@pytest.mark.parametrize(
    "change",
    [{"mais": 1}, {"anterior": 1}, {"anterior": "x"}, {"cnpj": COMPANY.masked}, {"iat": "1"}, {"cnpj": 1}],
    ids=str,
)
def test_a_payload_of_another_form_is_refused(change: dict[str, object]) -> None:
    with refused(SealReason.MALFORMED):
        require(signed_over(canonical({**told().as_json(), **change})))


def test_a_reader_adds_nothing_where_no_list_is_in_force() -> None:
    with refused(SealReason.AUTHORISATION):
        require(addition(readers("dora"), readers()))


def test_a_reader_starts_nothing_anew() -> None:
    by = reader("ana")
    anew = signatures.sign(canonical(told().as_json()), kind=KIND, key_id=by.id, key=by.signature)
    with refused(SealReason.AUTHORISATION):
        require(anew, readers())


def test_a_former_list_brought_again_takes_nobody_back_in() -> None:
    """Each is public and a certificate's says nothing of the one before: whoever finds one could bring it."""
    former = authorisation(at=AT - timedelta(seconds=1))
    walk = (former, authorisation(readers("ana")))
    assert digest(*walk, former) == digest(*reversed(walk)) == readers("ana").digest
    with refused(SealReason.AUTHORISATION):
        require(former, readers("ana"))
    there_and_back = (former, addition(readers("ana"), readers()), addition(readers(), readers("ana")))
    assert digest(*there_and_back) == readers().digest


def test_a_reader_that_was_taken_out_adds_nothing() -> None:
    with refused(SealReason.NOT_A_READER):
        require(addition(readers("ana"), readers("bia"), by="ana"), readers("bia"))


def test_an_act_is_no_list() -> None:
    by = reader("ana")
    act = signatures.sign(canonical(told().as_json()), kind="aval-ato", key_id=by.id, key=by.signature)
    with refused(SealReason.HEADER_MEMBER):
        require(act, readers())


def test_a_text_too_long_is_refused_before_it_is_read() -> None:
    with refused(SealReason.TOO_LARGE):
        require("a" * 100_001)


def test_who_signed_is_told_from_the_outside() -> None:
    assert is_by_certificate(authorisation())
    assert not is_by_certificate(sign_addition(readers(), COMPANY, "0" * 64, reader("ana"), at=AT))


@given(st.integers(0, 10_000), st.integers(0, 127))
def test_a_changed_character_never_authorises_anything_else(place: int, put: int) -> None:
    signed = authorisation()
    place %= len(signed)
    changed = signed[:place] + chr(put) + signed[place + 1 :]
    assert digest(changed) in {None, readers().digest if changed == signed else None}


def test_a_key_on_another_curve_signs_no_list() -> None:
    key = ec.generate_private_key(ec.SECP384R1())
    with refused(SealReason.KEY_WEAK):
        authorisation(certificates=chain(key=key), key=key)
