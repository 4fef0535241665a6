"""The mails' words, in Portuguese."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import Final

from aval.adhesion.company import Adhesion, RegisteredCertificate
from aval.certificates.revocation import RevocationStanding
from aval.moments import SAO_PAULO, spelled_out
from aval.notices.mail import Mail
from aval.registry.model import Participant, Person

_RENEW: Final = (
    "Para renovar, acesse Minhas Empresas > Gestão de Adesão, exclua o certificado antigo e adicione o novo "
    "na mesma solicitação."
)
_SEND: Final = (
    "Para concluir, acesse Monitoramento Prudencial: só conta o fator validado e enviado até o prazo."
)
_MOST_NAMED: Final = 200
_AUTOMATIC: Final = "Mensagem automática da Plataforma de Integração; não responda a este e-mail."


@dataclass(frozen=True, slots=True)
class Item:
    """One matter of a mail: a title, and lines below it."""

    title: str
    lines: tuple[str, ...]
    advice: str = _RENEW
    """What to do, told once below all matters that say the same."""


def expiring(
    participant: Participant, certificate: RegisteredCertificate, adhesion: Adhesion, *, at: datetime
) -> Item:
    """Worded by whether another certificate keeps the company connected after this one ends."""
    ends = spelled_out(certificate.ends)
    others = [
        other for other in adhesion.certificates if other.ends > certificate.ends and other.is_usable(at)
    ]
    if certificate.standing is RevocationStanding.REVOGADO:
        consequence = (
            "O certificado já foi revogado e não é aceito nas conexões; "
            f"será excluído dos servidores em {ends}."
        )
    elif others:
        lasting = spelled_out(max(other.ends for other in others))
        consequence = (
            f"A empresa tem outro certificado, válido até {lasting}, que continuará em uso; "
            f"este será excluído dos servidores em {ends}."
        )
    else:
        consequence = (
            f"O certificado será excluído dos servidores em {ends} e, sem outro certificado válido, "
            "os sistemas da empresa deixarão de se conectar."
        )
    days = (certificate.ends.astimezone(SAO_PAULO).date() - at.astimezone(SAO_PAULO).date()).days
    remaining = {0: "vence hoje", 1: "vence amanhã"}.get(days, f"vence em {days} dias")
    return Item(
        f"O certificado de {participant.legal_name} {remaining}",
        (*_certificate_lines(participant, certificate), consequence),
    )


def removed(participant: Participant, certificate: RegisteredCertificate, adhesion: Adhesion) -> Item:
    consequence = "O certificado venceu e foi excluído dos servidores."
    if not adhesion.certificates:
        consequence += " A empresa está sem certificado, e seus sistemas não se conectam."
    return Item(
        f"O certificado de {participant.legal_name} venceu e foi excluído",
        (*_certificate_lines(participant, certificate), consequence),
    )


def revoked(participant: Participant, certificate: RegisteredCertificate) -> Item:
    return Item(
        f"O certificado de {participant.legal_name} foi revogado",
        (
            *_certificate_lines(participant, certificate),
            "O certificado consta da lista de revogados de quem o emitiu e não é mais aceito nas conexões. "
            "Exclua-o e cadastre outro.",
        ),
    )


def locked(participant: Participant, *, since: datetime) -> Item:
    return Item(
        f"O acesso de {participant.legal_name} foi bloqueado",
        (
            agent_line(participant),
            f"Bloqueado em {spelled_out(since)}, depois de repetidas senhas erradas apresentadas com "
            "o certificado da empresa.",
            "Se não foi um sistema da própria empresa, trate o certificado como comprometido. "
            "O acesso volta quando um representante CCEE definir uma nova senha.",
        ),
    )


def deadline_near(
    participant: Participant,
    *,
    event: str,
    deadline: datetime,
    agents: int,
    by_step: Mapping[str, Sequence[str]],
) -> Item:
    """`by_step`: siglas of the agents that lack each step; what any of them declared is nowhere here."""
    number = "1 agente ainda não enviou" if agents == 1 else f"{agents} agentes ainda não enviaram"
    return Item(
        f"Evento {event}: {number} o fator de alavancagem",
        (
            f"Empresa que responde pelo envio: {participant.legal_name} (CNPJ {participant.cnpj.masked})",
            f"Prazo: {spelled_out(deadline)}. Depois dele nada é aceito, e a lista diz quem não enviou.",
            *(f"Falta {step}: {_named(siglas)}" for step, siglas in by_step.items() if siglas),
        ),
        _SEND,
    )


def compose(person: Person, items: Sequence[Item]) -> Mail:
    """One mail to one person, however many matters there are."""
    footer = (*dict.fromkeys(item.advice for item in items), _AUTOMATIC)
    items = [Item(_one_line(item.title), tuple(map(_one_line, item.lines))) for item in items]
    subject = items[0].title if len(items) == 1 else f"Plataforma de Integração: {len(items)} avisos"
    greeting = _one_line(f"Prezado(a) {person.name},")
    blocks = ["\n".join((item.title, *item.lines)) for item in items]
    sections = [
        f"<h2>{escape(item.title)}</h2>" + "".join(f"<p>{escape(line)}</p>" for line in item.lines)
        for item in items
    ]
    closing = "".join(f"<p>{escape(line)}</p>" for line in footer)
    return Mail(
        to=person.email,
        subject=subject,
        text="\n\n".join((greeting, *blocks, *footer)) + "\n",
        html=(
            '<!doctype html><html lang="pt-BR"><body>'
            f"<p>{escape(greeting)}</p>{''.join(sections)}{closing}</body></html>"
        ),
    )


def _named(siglas: Sequence[str]) -> str:
    more = len(siglas) - _MOST_NAMED
    return ", ".join(siglas[:_MOST_NAMED]) + (f" e mais {more}" if more > 0 else "")


def _one_line(text: str) -> str:
    """Names in certificates and the registry may hold line breaks: they open no header and no paragraph."""
    return " ".join(text.split())


def _certificate_lines(participant: Participant, certificate: RegisteredCertificate) -> tuple[str, ...]:
    facts = certificate.facts
    return (
        agent_line(participant),
        f"Arquivo: {certificate.name}",
        f"Requerente: {facts.subject}",
        f"Emissor: {facts.issuer}",
        f"Número de série: {facts.serial_number}",
        f"SHA-256: {facts.fingerprint}",
        f"Validade: {spelled_out(certificate.ends)}",
    )


def agent_line(participant: Participant) -> str:
    return f"Agente: {participant.legal_name} (CNPJ {participant.cnpj.masked})"
