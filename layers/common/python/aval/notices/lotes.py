"""A lote that has ended is told to whoever announced it: counts and codes, and nothing of what is in it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from aval.moments import spelled_out
from aval.notices.schedule import NoticeKind
from aval.notices.sending import Matter, Sent, Teller
from aval.notices.store import NoticeKey
from aval.notices.texts import Item, agent_line
from aval.prudential.lote_reasons import sentence_of
from aval.prudential.lote_senders import LoteSenders
from aval.prudential.lotes import Lote, LoteId, LoteKind, Lotes, LoteState
from aval.registry.model import Participant

_WORDS: Final = {LoteKind.PORTFOLIO: "portfólios", LoteKind.COUNTERPARTIES: "contrapartes"}
_ENDINGS: Final = {
    LoteState.PROCESSED: "foi processado",
    LoteState.PROCESSED_WITH_FAULTS: "foi processado com erros",
    LoteState.REJECTED: "foi rejeitado",
}


class LoteNotTold(Exception):
    """Somebody was not reached, or there is nobody to tell: the event comes again."""


@dataclass(frozen=True, slots=True)
class LoteNotice:
    lotes: Lotes
    senders: LoteSenders
    teller: Teller

    def tell(self, code: LoteId, *, at: datetime) -> Sent:
        """Each lote once, however often its event comes; raise `LoteNotTold`."""
        lote = self.lotes.load(code)
        key = NoticeKey(lote.sender, NoticeKind.LOTE, lote.id)
        people = self.senders.told(lote, at=at)
        matter = Matter(key, lote.sender, lambda participant: lote_ended(participant, lote), people)
        sent = self.teller.tell([matter], at=at)
        if sent.failed_mails or sent.without_representative:
            raise LoteNotTold
        return sent


def lote_ended(participant: Participant, lote: Lote) -> Item:
    lines = [
        agent_line(participant),
        f"Evento: {lote.event}",
        f"Lote: {lote.id}",
        f"Arquivo: {lote.file_name}",
    ]
    if lote.received_at:
        lines.append(f"Recebido em {spelled_out(lote.received_at)}")
    if lote.outcome:
        lines.append(f"Agentes aceitos: {lote.outcome.taken}; recusados: {lote.outcome.refused}.")
    if lote.reason:
        lines.append(f"Motivo ({lote.reason}): {sentence_of(lote.reason)}.")
    if lote.outcome and lote.outcome.refused:
        lines.append(
            "As faltas de cada agente estão nas respostas seladas do lote, que só seus leitores abrem."
        )
    title = f"O lote de {_WORDS[lote.kind]} de {participant.legal_name} {_ENDINGS[lote.state]}"
    return Item(title, tuple(lines))
