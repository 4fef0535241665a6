"""What an agent is told when an act of the week is refused: by each code of the enclave, what to do about it.

The codes are public and tell rules; whatever else the enclave has to say is in the sealed answer.
"""

from collections.abc import Mapping
from typing import Final

from aval.errors import DomainError
from aval.prudential.agent_state import AgentState
from aval.prudential.refusals import ActDeclined, ActFailed, ActOutOfPlace
from aval.prudential.tasks import Task, TaskState
from aval.sealing.refusals import SealReason

_SEAL_AGAIN: Final = "peça a chave de novo e sele outra vez"
_DELIVER_AGAIN: Final = "entregue de novo o portfólio e as contrapartes"
_ANOTHER_ATTESTATION: Final = "peça a chave de novo, com outro nonce, e confira o atestado"
_TELL_US: Final = "informe o número da transação ao atendimento"

# The act was lawful in itself: another one, or another state, stands in its way.
_OUT_OF_PLACE: Final[Mapping[SealReason, str]] = {
    SealReason.NOT_COMPUTED: "não há cálculo com os parâmetros em vigor; peça o cálculo e confira o fator",
    SealReason.ALREADY_VALIDATED: "este cálculo já foi validado; envie-o ou cancele-o",
    SealReason.NOT_VALIDATED: "só se envia o que foi validado; valide o cálculo e envie depois",
    SealReason.ALREADY_SENT: "este cálculo já foi enviado; para enviar outro, entregue e valide de novo",
    SealReason.SUBJECT_MISMATCH: "o ato é sobre outro objeto que o que vale agora; leia e assine de novo",
    SealReason.INCOMPLETE: "falta portfólio ou contrapartes, com os mesmos leitores; entregue o que falta",
    SealReason.VERSION_UNKNOWN: "não há portfólio entregue neste evento; entregue-o antes",
    SealReason.PARAMETERS_OLDER: "há parâmetros mais novos em vigor; confira o estado e repita com outro jti",
}
_DECLINED: Final[Mapping[SealReason, str]] = {
    SealReason.MALFORMED: "o que foi selado ou assinado não tem a forma prevista; a resposta selada diz onde",
    SealReason.TOO_LARGE: "o conteúdo passa do limite; divida-o ou envie-o como lote",
    SealReason.ALGORITHM: "o algoritmo não é aceito; sele com RSA-OAEP-256 e A256GCM, assine com ES256",
    SealReason.HEADER_MEMBER: "o cabeçalho tem membro a mais ou a menos; veja a documentação da selagem",
    SealReason.KEY_UNKNOWN: f"o kid não é de uma chave em uso; {_SEAL_AGAIN}",
    SealReason.KEY_WEAK: f"a chave tem menos de 3072 bits; {_SEAL_AGAIN}",
    SealReason.EVENT_MISMATCH: "foi selado ou assinado para outro evento; refaça-o para este",
    SealReason.SENDER_MISMATCH: "foi selado por outro remetente; sele com o seu CNPJ",
    SealReason.KIND_MISMATCH: "foi selado com outro tipo; sele com o tipo deste ato",
    SealReason.FROM_THE_FUTURE: "o iat está mais de dez minutos adiante; acerte o relógio e refaça o pedido",
    SealReason.DOES_NOT_OPEN: f"o objeto não abre: é de outra chave ou mudou no caminho; {_SEAL_AGAIN}",
    SealReason.READERS_INVALID: "lista de leitores inválida; nomeie de um a oito, sem repetir nome nem chave",
    SealReason.NOT_A_READER: "quem assinou não é leitor dos dados; assine com a chave de um leitor deles",
    SealReason.PASSPHRASE: "a senha não abre o arquivo do leitor; confira-a",
    SealReason.SIGNATURE: "a assinatura não confere: é de outra chave ou o texto mudou; assine de novo",
    SealReason.ACT_MISMATCH: "foi assinado para outro ato; assine o ato deste pedido",
    SealReason.COMPANY_MISMATCH: "a assinatura ou o arquivo é de outra empresa; confira o cnpj",
    SealReason.REQUEST_MISMATCH: "o envio e a assinatura nele têm jti diversos; use o mesmo nos dois",
    SealReason.READERS_MISMATCH: "os leitores não são os dos dados; sele com a lista do portfólio",
    SealReason.HEAD_OLDER: f"o diário do evento recuou desde a última leitura (visto); {_TELL_US}",
    SealReason.HEAD_FORKED: f"o diário do evento não é o da última leitura (visto); {_TELL_US}",
    SealReason.DECLARATION_MISMATCH: f"a declaração não é a do atestado; {_ANOTHER_ATTESTATION}",
    SealReason.SIGNING_KEY_MISMATCH: f"a chave de assinatura não é a declarada; {_ANOTHER_ATTESTATION}",
    SealReason.EVENT_NOT_OFFERED: f"a chave não serve a este evento; {_ANOTHER_ATTESTATION}",
    SealReason.CAVEATS_MISMATCH: f"as ressalvas do recibo não conferem; {_TELL_US}",
    SealReason.RECEIPT_MOMENT: f"o recibo é de outro momento que o do atestado; {_TELL_US}",
    SealReason.NUMBER_MISMATCH: "o número não é o calculado, casa por casa; leia-o e envie o mesmo texto",
    SealReason.FAULTS: "o arquivo tem faltas; a resposta selada diz cada uma, onde está e o que fazer",
    SealReason.PARAMETERS_MISSING: f"o enclave não recebeu os parâmetros do evento; {_TELL_US}",
    SealReason.PARAMETERS_DIVERGE: f"há outros parâmetros sob o mesmo número de versão; {_TELL_US}",
    SealReason.AUTHORISATION: "a autorização dos leitores não confere; assine-a com o certificado da empresa",
    SealReason.CMS_MALFORMED: f"o enclave não pôde usar as suas chaves; {_TELL_US}",
    SealReason.CMS_RECIPIENT: f"o enclave recebeu a chave de outro; {_TELL_US}",
    SealReason.CMS_ALGORITHM: f"o enclave recebeu uma chave em forma que não aceita; {_TELL_US}",
    SealReason.CMS_UNOPENED: f"o enclave recebeu uma chave que não abre; {_TELL_US}",
    SealReason.RECORD_UNOPENED: f"o que estava guardado não abre; {_DELIVER_AGAIN}",
    SealReason.JOURNAL_MALFORMED: f"o diário do evento não pôde ser lido; {_TELL_US}",
    SealReason.JOURNAL_EVENT: f"o enclave recebeu o diário de outro evento; {_TELL_US}",
    SealReason.JOURNAL_GAP: f"falta um lançamento no diário do evento; {_TELL_US}",
    SealReason.JOURNAL_FORK: f"o diário do evento tem um lançamento de outro ramo; {_TELL_US}",
    SealReason.JOURNAL_EDITED: f"um lançamento do diário do evento foi alterado; {_TELL_US}",
    SealReason.JOURNAL_PENDING: "outro ato deste evento estava sendo gravado; repita o pedido com outro jti",
    SealReason.REPLAYED: "o jti já foi usado em outro pedido; sele ou assine com um jti novo",
    SealReason.KEY_ITEM_MALFORMED: f"uma chave guardada do enclave não pôde ser lida; {_TELL_US}",
    SealReason.KEY_ITEM_UNOPENED: f"uma chave guardada do enclave não abre; {_TELL_US}",
    SealReason.KEYS_MISSING: "o enclave ainda não tem chaves; repita o pedido em instantes, com outro jti",
}
SENTENCES: Final[Mapping[SealReason, str]] = {**_OUT_OF_PLACE, **_DECLINED}
_BY_CODE: Final = {reason.value: sentence for reason, sentence in SENTENCES.items()}
_UNFORESEEN: Final = f"o enclave recusou o ato; leia a resposta selada ou {_TELL_US}"


def out_of_place(reason: SealReason, state: AgentState) -> ActOutOfPlace:
    """The refusal at the door, in the words that the enclave's own would have."""
    return ActOutOfPlace(reason.value, SENTENCES[reason], state=state)


def refusal_of(task: Task, state: AgentState) -> DomainError | None:
    """How an ended task is told where it was not done; `state` is the agent's now."""
    outcome = task.outcome
    if outcome is None or outcome.state is TaskState.DONE:
        return None
    if outcome.state is TaskState.FAILED:
        return ActFailed(outcome.reason, task=task.id)
    told = {"task": task.id, "answer": outcome.answer.decode()}
    sentence = _BY_CODE.get(outcome.reason, _UNFORESEEN)
    refused = ActOutOfPlace if outcome.reason in _OUT_OF_PLACE else ActDeclined
    return refused(outcome.reason, sentence, state=state, **told)
