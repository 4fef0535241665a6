from dataclasses import replace

from aval.notices.texts import Item, compose
from tests.support.adhesion import ANA, PEOPLE


def test_a_name_cannot_add_a_header_or_markup() -> None:
    ana = replace(PEOPLE[ANA], name="Ana <b>")
    mail = compose(ana, [Item("Um\r\nBcc: x@y", ("<script>", "Requerente: CN=x\n\nClique aqui"))])
    assert mail.subject == "Um Bcc: x@y"
    assert "<script>" not in mail.html
    assert "Ana &lt;b&gt;" in mail.html
    assert "Ana <b>" in mail.text
    assert "Requerente: CN=x Clique aqui\n" in mail.text
