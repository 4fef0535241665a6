import pytest

from aval.contracts.paging import MAX_PAGE_SIZE, PageRequest
from aval.contracts.refusals import ParametersInvalid
from aval.edge.soap.documents import read_document
from aval.edge.soap.envelope import Envelope, EnvelopeRefused, page_of, profile_of, read_envelope
from aval.edge.soap.namespaces import V1, V2
from aval.edge.soap.security import CredentialsRefused
from aval.identifiers import Cnpj
from tests.support.soap import envelope, message_header, paging, security

BODY = "<m:pedido/>"


def read(text: str) -> Envelope:
    return read_envelope(read_document(text.encode()), V2)


def told(*headers: str, body: str = BODY) -> str:
    return envelope(body, *headers, dialect=V2)


def refusal(text: str) -> str:
    with pytest.raises((EnvelopeRefused, CredentialsRefused)) as refused:
        read(text)
    return str(refused.value)


def test_headers_stand_in_any_order_and_others_that_may_be_passed_over_are() -> None:
    other = '<x:Action xmlns:x="urn:x">y</x:Action>'
    envelope_read = read(told(paging(2, 50), security(), other, message_header(77)))
    assert (envelope_read.credentials.company, envelope_read.credentials.password) == (
        Cnpj("33047509000149"),
        "Chave7segura",
    )
    assert profile_of(envelope_read) == 77
    assert page_of(envelope_read, V2) == PageRequest(2, 50)
    assert envelope_read.header.text("versao") == "2.1"
    assert envelope_read.request.name == "pedido"


def test_attributes_that_clients_add_change_nothing() -> None:
    typed = message_header().replace("<h:messageHeader>", '<h:messageHeader xmlns:x="urn:x" x:type="h:T">')
    assert profile_of(read(told(typed, security(attributes=' Id="p"')))) == 10010


def test_without_a_page_none_is_asked_for() -> None:
    assert page_of(read(told()), V2) is None
    assert page_of(read(told(message_header(), security(), "<h:paginacao> </h:paginacao>")), V2) is None


@pytest.mark.parametrize(
    ("number", "size", "page"),
    [
        (4, "", PageRequest(4, 100)),
        (" ", 7, PageRequest(1, 7)),
        (3, MAX_PAGE_SIZE, PageRequest(3, MAX_PAGE_SIZE)),
        (1, 50_000, PageRequest(1, MAX_PAGE_SIZE)),
    ],
)
def test_a_page_has_defaults_and_a_largest_size(number: object, size: object, page: PageRequest) -> None:
    assert page_of(read(told(message_header(), security(), paging(number, size))), V2) == page


@pytest.mark.parametrize(("number", "size"), [(0, 1), (1, 0), (-1, 1), ("x", 1), (10**14, 1)])
def test_a_page_that_cannot_be_is_refused(number: object, size: object) -> None:
    asked = read(told(message_header(), security(), paging(number, size)))
    with pytest.raises(ParametersInvalid, match="paginacao"):
        page_of(asked, V2)


@pytest.mark.parametrize("profile", ["", " ", "x", "-1", "1.0", "9" * 16])
def test_a_profile_that_is_no_code_is_refused_by_name(profile: str) -> None:
    with pytest.raises(ParametersInvalid, match="codigoPerfilAgente"):
        profile_of(read(told(message_header(profile), security())))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (told(security(), security(), message_header()), "um só cabeçalho Security"),
        (told(message_header()), "um só cabeçalho Security"),
        (told(message_header(), message_header(), security()), "mais de uma vez"),
        (told(message_header(), security(), paging(), paging()), "mais de uma vez"),
        (told(body=""), "um só elemento"),
        (told(body=BODY * 2), "um só elemento"),
        (told().replace("</s:Body>", "</s:Body><s:Body><m:outro/></s:Body>"), "um só Body"),
        (told().replace("</s:Body>", "</s:Body><x/>"), "nada mais"),
        (told(body="<m:pedido><s:Body/></m:pedido>"), "dentro de outro"),
        (told(message_header(), security(), "<s:Body/>"), "dentro de outro"),
        (told(body="<s:Envelope/>"), "dentro de outro"),
        ("<a/>", "não é um Envelope"),
        (told().replace("schemas.xmlsoap.org/soap/envelope/", "www.w3.org/2003/05/soap-envelope"), "1.2"),
        (told(message_header(), security(), "<x s:mustUnderstand='1' xmlns='urn:x'/>"), "obrigatória"),
    ],
)
def test_what_is_no_envelope_of_ours_is_refused(text: str, sentence: str) -> None:
    assert sentence in refusal(text)


def test_a_header_of_the_other_version_is_refused() -> None:
    assert V1.header in refusal_of_first(told())


def refusal_of_first(text: str) -> str:
    with pytest.raises(EnvelopeRefused) as refused:
        read_envelope(read_document(text.encode()), V1)
    return refused.value.detail
