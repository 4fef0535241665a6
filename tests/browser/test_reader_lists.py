"""The list of readers that a company signs, brought in the page: what is no list of its own, and what is."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key
from playwright.sync_api import Locator, Page, expect

from aval.identifiers import Cnpj
from aval.moments import utc_now
from aval.sealing.authorisation import sign_authorisation
from aval.sealing.reader_file import unprotect
from aval.sealing.readers import Reader, ReaderKeys, Readers
from local.seed.company import BUYER, COMPANY, CompanyFiles
from tests.browser import failing
from tests.browser.monitored_week import ANSWERED_MS, FABIO, fill_portfolio
from tests.browser.own_keys import PASSPHRASE, add_colleague, make_keys
from tests.browser.visits import Look, SignedIn
from tests.browser.watch import Watch
from tests.browser.weeks import fresh_week
from tests.support.stack import Stack

LISTS: Final = r"/prudencial/empresas/.*/leitores$"
Signs = Callable[..., bytes]


@pytest.fixture
def signed(stack: Stack) -> Signs:
    def signs(*listed: Reader, company: Cnpj = COMPANY, by: Cnpj = COMPANY) -> bytes:
        """The list of `company` as `aval leitor autorizar` signs it with the certificate of `by`."""
        folder = stack.places.company
        files = CompanyFiles(folder) if by == COMPANY else CompanyFiles.of_the_buyer(folder)
        chain = x509.load_pem_x509_certificates(files.chain.read_bytes())
        der = [one.public_bytes(Encoding.DER) for one in chain]
        key = load_pem_private_key(files.key.read_bytes(), None)
        return sign_authorisation(Readers(listed), company, der, key, at=utc_now()).encode() + b"\n"

    return signs


def region(page: Page) -> Locator:
    return page.get_by_role("region", name="Lista autorizada por BOLT OPERACOES")


def bring(page: Page, name: str, content: bytes) -> None:
    with page.expect_file_chooser() as choosing:
        region(page).get_by_role("button", name="Trazer uma lista assinada").click()
    choosing.value.set_files({"name": name, "mimeType": "application/jose", "buffer": content})


def shown(reader: Reader) -> str:
    """The fingerprint as the page groups it: names may have been there before."""
    return " ".join(reader.fingerprint[at : at + 4] for at in range(0, 64, 4))


def own_of(file: Path) -> Reader:
    return unprotect(file.read_bytes(), PASSPHRASE).public


def test_what_is_no_signed_list_never_leaves_the_browser_and_one_of_another_company_goes_to_its_place(
    signed: Signs, page_signed_in: SignedIn, tmp_path: Path, look: Look
) -> None:
    page = page_signed_in(FABIO)
    file = make_keys(page, "fabio-errado", tmp_path)
    own = own_of(file)
    sent: list[str] = []
    page.on("request", lambda asked: sent.append(asked.url) if asked.method == "PUT" else None)
    alert = region(page).get_by_role("alert")
    bring(page, "fabio-errado.chaves", file.read_bytes())
    expect(alert).to_contain_text("não deve sair deste computador")
    look(page, "leitores-arquivo-de-chaves")
    for name, content in (
        ("vazio.jws", b""),
        ("fabio.json", json.dumps(own.as_json()).encode()),
        ("carta.pdf", b"%PDF-1.7\x00\xff\xfe"),
    ):
        bring(page, name, content)
        expect(alert).to_contain_text("não é uma lista de leitores assinada")
    assert sent == []
    # One of an agent that it represents goes to that agent's place, and nothing is said of the sender's own.
    bring(page, "representada.jws", signed(own, company=BUYER, by=BUYER))
    taken = (
        region(page)
        .get_by_role("status")
        .filter(has_text="A lista assinada de 58.290.417/0001-16 foi aceita")
    )
    expect(taken).to_be_visible()
    assert [url.partition("/empresas/")[2] for url in sent] == [f"{BUYER}/leitores"]
    expect(region(page).get_by_role("listitem").filter(has_text=shown(own))).to_have_count(0)


def test_what_the_platform_refuses_of_a_list_is_told_and_the_list_before_stands(
    signed: Signs, page_signed_in: SignedIn, tmp_path: Path, watch: Watch
) -> None:
    page = page_signed_in(FABIO)
    own = own_of(make_keys(page, "fabio-recusado", tmp_path))
    watch.expect_status(422, LISTS)
    bring(page, "de-outro-certificado.jws", signed(own, by=BUYER))
    alert = region(page).get_by_role("alert")
    expect(alert).to_contain_text("O certificado é do CNPJ 58.290.417/0001-16, de outra empresa")
    expect(alert).to_contain_text("Transação")
    expect(region(page).get_by_role("listitem").filter(has_text=shown(own))).to_have_count(0)
    watch.expect_status(500, LISTS)
    failing.fail_inside(page, LISTS, times=1)
    bring(page, "boa.jws", signed(own))
    expect(alert).to_contain_text(failing.TRANSACTION)
    bring(page, "boa.jws", signed(own))
    expect(region(page)).to_contain_text("É a lista com que você cifra")
    expect(alert).to_have_count(0)


def test_a_signed_list_is_compared_key_by_key_and_what_is_sealed_with_it_bears_no_reservation(
    stack: Stack, signed: Signs, page_signed_in: SignedIn, tmp_path: Path, look: Look
) -> None:
    bia, caio = (ReaderKeys.generate(name).public for name in ("bia", "caio"))
    page = page_signed_in(FABIO)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    own = own_of(make_keys(page, "fabio-autorizado", tmp_path))
    add_colleague(page, caio, tmp_path)
    bring(page, "sem-mim.jws", signed(bia))
    expect(region(page)).to_contain_text("As suas chaves não estão nela.")
    expect(region(page).get_by_role("button", name="Cifrar com a lista autorizada")).to_have_count(0)

    bring(page, "lista.jws", signed(own, bia))
    expect(region(page)).to_contain_text("A lista assinada de 33.047.509/0001-49 foi aceita")
    expect(region(page)).to_contain_text(
        "Nela há quem não está na sua: bia. Falta nela quem está na sua: caio."
    )
    look(page, "leitores-lista-autorizada")
    region(page).get_by_role("button", name="Cifrar com a lista autorizada").click()
    asked = page.get_by_role("dialog", name="Cifrar com a lista autorizada por BOLT OPERACOES?")
    expect(asked).to_contain_text(shown(bia))
    expect(asked).to_contain_text("Deixam de abrir o que você cifrar daqui em diante: caio.")
    look(page, "leitores-lista-comparada")
    asked.get_by_role("button", name="As impressões conferem: usar a lista").click()
    expect(region(page)).to_contain_text("É a lista com que você cifra")
    listed = page.get_by_role("region", name="Lista de leitores de").get_by_role("listitem")
    expect(listed).to_have_count(2)

    page.goto(f"/#/prudencial/{fresh_week(stack).event}/portfolio/{COMPANY}")
    expect(page.get_by_text("Lacre conferido")).to_be_visible(timeout=ANSWERED_MS)
    fill_portfolio(page)
    page.get_by_role("button", name="Cifrar e entregar o portfólio").click()
    delivered = page.get_by_role("status").filter(has_text=": entregue")
    expect(delivered).to_be_visible(timeout=ANSWERED_MS)
    expect(delivered).to_contain_text("NÃO ATESTADO POR HARDWARE")
    expect(delivered).not_to_contain_text("REMETENTE NÃO AUTENTICADO")
