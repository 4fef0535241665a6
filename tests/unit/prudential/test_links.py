from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from aval.errors import FaultsFound
from aval.prudential.links import LONGEST_ADDRESS, Link, LinkBook, PublicAddress
from aval.prudential.refusals import LinkContended, NothingToRead
from tests.support.monitored import AURORA, BOLT
from tests.support.publication import LinksInMemory, link
from tests.support.weeks import NOW

ADDRESS = PublicAddress("https://www.empresa.com.br/fator")
OTHER = PublicAddress("https://ri.empresa.com.br/")


def rules(address: str) -> list[str]:
    with pytest.raises(FaultsFound) as refused:
        PublicAddress.parse(address)
    assert {fault.pointer for fault in refused.value.faults} == {"/endereco"}
    return [fault.rule for fault in refused.value.faults]


@pytest.mark.parametrize(
    "address",
    [
        "https://www.empresa.com.br",
        "https://empresa.com.br/",
        "https://EMPRESA.com.br/Fator-de-Alavancagem",
        "https://ri.empresa.com.br:8443/fa?semana=202611003&x=%C3%A9#topo",
        "https://xn--energia-9za.com.br/",
        "https://1empresa.com.br/",
    ],
)
def test_an_address_that_anybody_may_open_is_taken_as_it_is_written(address: str) -> None:
    assert PublicAddress.parse(address) == address


@pytest.mark.parametrize(
    "address",
    [
        "http://www.empresa.com.br",
        "ftp://www.empresa.com.br",
        "//www.empresa.com.br",
        "HTTP://www.empresa.com.br",
    ],
)
def test_only_https_is_taken(address: str) -> None:
    assert rules(address) == ["https"]


@pytest.mark.parametrize("told", ["usuario:senha@", "usuario@", "@", ":@"])
def test_an_address_with_credentials_is_refused(told: str) -> None:
    assert "credenciais" in rules(f"https://{told}www.empresa.com.br/")


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "servidor",
        "empresa.localhost",
        "empresa.local",
        "fator.empresa.internal",
        "empresa.test",
        "127.0.0.1",
        "10.0.0.1",
        "2130706433",
        "0x7f.1",
        "127.1",
        "[::1]",
        "[2001:db8::1]",
        "empresa..com.br",
        ".com.br",
        "-empresa.com.br",
        "empresa-.com.br",
        "empresa.com.br.",
        "emp_resa.com.br",
        f"{'a' * 64}.com.br",
        ".".join(["a" * 50] * 5) + ".com",
    ],
)
def test_a_server_that_is_no_public_name_is_refused(host: str) -> None:
    assert rules(f"https://{host}/fator") == ["servidor"]


@pytest.mark.parametrize(
    "address",
    [
        "",
        "www.empresa.com.br",
        "https://",
        "https:///fator",
        "https:www.empresa.com.br",
        "https://www.empresa.com.br/fator de alavancagem",
        "https://www.energia-é.com.br/",
        "https://www.empresa.com.br\\@outra.com.br/",
        "https://www.empresa.com.br/\n",
        "https://www.empresa.com.br:99999/",
        "https://www.empresa.com.br:/",
        "https://www.empresa.com.br:x/",
        "https://[www.empresa.com.br/",
        "javascript:alert(1)",
        'https://www.empresa.com.br/"onclick=',
    ],
)
def test_what_is_no_whole_address_is_refused(address: str) -> None:
    assert rules(address) == ["endereco"]


def test_an_address_has_a_length_and_no_more() -> None:
    longest = ADDRESS + "/" + "a" * (LONGEST_ADDRESS - len(ADDRESS) - 1)
    assert PublicAddress.parse(longest) == longest
    assert rules(f"{longest}a") == ["tamanho"]


def test_everything_that_is_wrong_is_told_at_once() -> None:
    assert rules("http://usuario:senha@10.0.0.1/") == ["https", "credenciais", "servidor"]


@pytest.fixture
def links() -> LinksInMemory:
    return LinksInMemory()


def test_registrations_follow_one_another_and_each_is_kept(links: LinksInMemory) -> None:
    book, later = LinkBook(links), NOW + timedelta(days=1)
    first = book.register(BOLT, ADDRESS, by="person:login", at=NOW.replace(microsecond=7))
    second = book.register(BOLT, OTHER, by=f"system:{BOLT}", at=later)
    assert first == Link(BOLT, 1, ADDRESS, NOW, "person:login")
    assert second == Link(BOLT, 2, OTHER, later, f"system:{BOLT}")
    assert book.history(BOLT) == [second, first]
    assert links.all() == {BOLT: OTHER}


def test_the_same_address_again_changes_nothing(links: LinksInMemory) -> None:
    book = LinkBook(links)
    first = book.register(BOLT, ADDRESS, by="person:login", at=NOW)
    assert book.register(BOLT, ADDRESS, by="person:other", at=NOW + timedelta(days=1)) == first
    assert links.history(BOLT) == [first]


def test_an_address_that_was_replaced_may_come_back(links: LinksInMemory) -> None:
    book = LinkBook(links)
    for address in (ADDRESS, OTHER, ADDRESS):
        book.register(BOLT, address, by="person:login", at=NOW)
    assert [one.number for one in book.history(BOLT)] == [3, 2, 1]


def test_a_company_without_an_address_has_nothing_to_read(links: LinksInMemory) -> None:
    with pytest.raises(NothingToRead):
        LinkBook(links).history(AURORA)


@dataclass
class Overtaken(LinksInMemory):
    """Somebody else registers first, so many times."""

    times: int = 1
    tried: list[int] = field(default_factory=list)

    def add(self, link: Link) -> bool:
        self.tried.append(link.number)
        if self.times:
            self.times -= 1
            super().add(Link(link.company, link.number, OTHER, NOW, "person:first"))
            return False
        return super().add(link)


def test_who_was_overtaken_registers_after_the_other() -> None:
    links = Overtaken()
    assert LinkBook(links).register(BOLT, ADDRESS, by="person:login", at=NOW) == link(number=2)
    assert links.tried == [1, 2]


def test_who_is_overtaken_again_and_again_is_told_so() -> None:
    with pytest.raises(LinkContended):
        LinkBook(Overtaken(times=9)).register(BOLT, ADDRESS, by="person:login", at=NOW)
