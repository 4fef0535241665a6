"""Why a lote was not taken: codes, and the sentence of each, which holds no value of any file."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from aval.sealing.refusals import SealReason


class LoteReason(StrEnum):
    """What is judged outside the enclave; beside these stand the codes of sealing and of the enclave."""

    FORM_EXPIRED = "FORMULARIO_VENCIDO"
    NOT_OPEN = "EVENTO_NAO_ABERTO"
    DEADLINE = "PRAZO_ENCERRADO"
    EMPTY = "VAZIO"
    TOO_LARGE = "GRANDE_DEMAIS"
    SIZE_MISMATCH = "TAMANHO_DIVERGE"
    FILE_GONE = "ARQUIVO_AUSENTE"
    NONE_TAKEN = "NENHUM_ACEITO"
    NOT_PROCESSED = "NAO_PROCESSADO"


_SENTENCES: Final[Mapping[str, str]] = {
    LoteReason.FORM_EXPIRED: "o arquivo não chegou no prazo do formulário; anuncie o lote de novo",
    LoteReason.NOT_OPEN: "o arquivo chegou antes da abertura do evento; envie-o de novo depois dela",
    LoteReason.DEADLINE: "o arquivo chegou depois do prazo do evento; nada mais é aceito para ele",
    LoteReason.EMPTY: "o arquivo está vazio; sele o conteúdo e envie o objeto selado",
    LoteReason.TOO_LARGE: "o lote passa de 50 MB de conteúdo, 70 MB selado ou 16 KB de cabeçalho; divida-o",
    LoteReason.SIZE_MISMATCH: "o arquivo não tem o tamanho anunciado; anuncie o lote de novo",
    LoteReason.FILE_GONE: "o arquivo não está mais onde foi recebido; anuncie o lote de novo",
    LoteReason.NONE_TAKEN: "nenhum agente do arquivo foi aceito; as faltas de cada um estão nas respostas",
    LoteReason.NOT_PROCESSED: "o lote não pôde ser processado e nada dele foi aceito; anuncie-o de novo",
    SealReason.MALFORMED: "o arquivo não é um objeto selado (JWE na forma compacta); sele-o de novo",
    SealReason.ALGORITHM: "o objeto usa outro algoritmo; sele com RSA-OAEP-256 e A256GCM",
    SealReason.HEADER_MEMBER: "o cabeçalho do objeto tem um membro a mais ou a menos; sele-o de novo",
    SealReason.KEY_UNKNOWN: "a chave do objeto não está em uso; peça a chave do enclave e sele de novo",
    SealReason.EVENT_MISMATCH: "o objeto foi selado para outro evento; sele-o para este",
    SealReason.SENDER_MISMATCH: "o objeto foi selado por outro remetente; o lote é do remetente anunciado",
    SealReason.KIND_MISMATCH: "o objeto foi selado como outro tipo; sele-o com o tipo anunciado",
    SealReason.FROM_THE_FUTURE: "o objeto diz ter sido selado no futuro; acerte o relógio e sele de novo",
    SealReason.DOES_NOT_OPEN: "o objeto não abre: não é da chave que o cabeçalho diz, ou mudou; sele de novo",
    SealReason.READERS_INVALID: "a lista de leitores do cabeçalho não é válida; confira-a e sele de novo",
    SealReason.REPLAYED: "o jti deste objeto já foi usado com outro conteúdo; sele de novo, com outro jti",
    SealReason.SIGNATURE: "a assinatura das contrapartes não confere; assine o arquivo e sele-o de novo",
    SealReason.NOT_A_READER: "quem assinou as contrapartes não é leitor do objeto; assine com a de um leitor",
    SealReason.ACT_MISMATCH: "a declaração no objeto não é de contrapartes; assine-o com o ato CONTRAPARTES",
    SealReason.COMPANY_MISMATCH: "as contrapartes foram assinadas para outro remetente; assine-as para este",
    SealReason.SUBJECT_MISMATCH: "a declaração é de outra lista de leitores; assine-a com a do cabeçalho",
    SealReason.REQUEST_MISMATCH: "o jti da declaração não é o do objeto; use o mesmo jti nos dois",
    "ARQUIVO_ILEGIVEL": "o conteúdo não pode ser lido como está; a resposta selada diz por que e o que mudar",
    "FALTAS_NO_ARQUIVO": "o arquivo todo tem faltas, antes das de cada agente; a resposta selada diz quais",
    "TUDO_OU_NADA": "o lote é tudo ou nada e há agentes com faltas; a resposta selada diz de quem e quais",
    "ARQUIVO_DIVERGE": "o SHA-256 do arquivo não é o anunciado; anuncie o lote de novo",
    "SEM_PARAMETROS": "o evento não tem parâmetros em vigor; espere a carga deles e envie de novo",
}
_OTHERWISE: Final = "o enclave recusou o arquivo por esta regra; a frase está na resposta selada"


def sentence_of(reason: str) -> str:
    return _SENTENCES.get(reason, _OTHERWISE)
