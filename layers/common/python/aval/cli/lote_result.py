"""What a lote came to: its sealed answers opened, and agents told one line each."""

import argparse
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric import ec

from aval.adapters.platform_api import PlatformApi
from aval.cli.lote_state import SentLote
from aval.cli.offered_key import refusals_end_the_command, warn
from aval.cli.outcome import ExitCode
from aval.cli.platform_access import offered_key, released_code
from aval.cli.tables import shown, table
from aval.identifiers import Cnpj, EventCode
from aval.prudential.lotes import LoteState
from aval.sealing.answers import Answer, ExpectedAnswer, open_answer
from aval.sealing.caveats import FOR_PEOPLE
from aval.sealing.head import Head
from aval.sealing.offered_key import KeyOffer, verify_past_offer
from aval.sealing.readers import ReaderKeys
from aval.sealing.refusals import SealReason, SealRefused

_HEADINGS: Final = ("CNPJ", "LUGAR", "REGRA", "O QUE FAZER")


@dataclass(frozen=True, slots=True)
class Opening:
    """Who opens a lote's answers, and against what they are held."""

    api: PlatformApi
    given: argparse.Namespace
    sent: SentLote
    keys: ReaderKeys

    def opened(self, answers: Iterable[bytes]) -> list[Answer]:
        """In their order; raise `CommandFailed` for one that is not of this very lote."""
        expected = ExpectedAnswer(
            event=EventCode(self.sent.evento),
            company=Cnpj(self.sent.remetente),
            request_id=self.sent.jti,
            seen=Head.from_json(self.sent.visto) if self.sent.visto else None,
            readers=self.sent.leitores,
            subject=self.sent.identidade,
        )
        with refusals_end_the_command():
            opened = [self._one(answer, expected) for answer in answers]
            _require_whole(opened, self.sent.lote)
        for caveat in sorted({caveat for one in opened for caveat in one.caveats}):
            warn(FOR_PEOPLE.get(caveat, caveat))
        return opened

    def _one(self, answer: bytes, expected: ExpectedAnswer) -> Answer:
        refusal: SealRefused | None = None
        for signer in self._signers():
            try:
                return open_answer(answer, self.keys, signer=signer, expected=expected)
            except SealRefused as refused:
                if refused.reason is not SealReason.SIGNATURE:
                    raise
                refusal = refused
        raise refusal or SealRefused(SealReason.SIGNATURE, "nenhuma chave atestada assina esta resposta")

    def _signers(self) -> Iterator[ec.EllipticCurvePublicKey]:
        """The key that was sealed to, whose keeper answers as a rule; after a rotation, the one of now."""
        expected = released_code(self.api, self.given)
        offer = KeyOffer.read(self.sent.chave.encode())
        yield verify_past_offer(offer, root=expected.root, accepted=expected.accepted).signing
        yield offered_key(self.api, self.given).attested.signing


@dataclass(frozen=True, slots=True)
class LoteResult:
    """The platform's counts and, where a reader opened them, the enclave's own lines."""

    told: dict[str, Any]
    agents: Sequence[dict[str, Any]] | None = field(repr=False)

    @classmethod
    def of(cls, told: dict[str, Any], opened: Sequence[Answer] | None) -> "LoteResult":
        if opened is None:
            return cls(told, None)
        lines = [line for one in opened for line in _agents_of(one)]
        return cls(told, lines)

    @property
    def code(self) -> ExitCode:
        whole = LoteState(self.told["estado"]) is LoteState.PROCESSED and not self.told["recusados"]
        return ExitCode.ACCEPTED if whole else ExitCode.REFUSED

    def document(self) -> dict[str, Any]:
        return {**self.told, **({"agentes": list(self.agents)} if self.agents is not None else {})}

    def as_json(self) -> str:
        return json.dumps(self.document(), ensure_ascii=False, indent=2)

    def as_text(self) -> str:
        rows = []
        refused = [one for one in self.agents or () if "faltas" in one]
        if refused:
            faults = [(one, fault) for one in refused for fault in one["faltas"]]
            cells = [
                tuple(map(shown, (one["cnpj"] or "?", fault["lugar"], fault["regra"], fault["detalhe"])))
                for one, fault in faults
            ]
            rows += [table([_HEADINGS, *cells]), ""]
        return "\n".join([*rows, *self._totals()])

    def _totals(self) -> list[str]:
        told = self.told
        rows = [f"lote {told['lote']}: {told['estado']}"]
        if told["aceitos"] is not None:
            rows.append(f"{told['aceitos']} aceitos, {told['recusados']} recusados")
        rules = ", ".join(f"{rule} {count}" for rule, count in sorted(told["regras"].items()))
        if rules:
            rows.append(f"faltas por regra: {rules}")
        if told["motivo"]:
            rows.append(f"RECUSADO  {told['motivo']}: {told['frase']}")
        return rows


def _agents_of(answer: Answer) -> list[dict[str, Any]]:
    """Empty of a file that was refused before it was read agent by agent; its own faults are told then."""
    told = answer.payload
    agents = told.get("agentes")
    if isinstance(agents, list) and agents:
        return agents
    return [{"cnpj": "", "faltas": told["faltas"]}] if isinstance(told.get("faltas"), list) else []


def _require_whole(opened: Sequence[Answer], lote: str) -> None:
    """Each answer once, of this lote: a platform could leave one out, or tell another's."""
    for number, one in enumerate(opened):
        told = one.payload
        pieces = (told.get("pedaco", number), told.get("de", len(opened)))
        if told.get("lote", lote) != lote or pieces != (number, len(opened)):
            raise SealRefused(
                SealReason.SUBJECT_MISMATCH, "a resposta é de outro lote, ou de outra parte dele"
            )
