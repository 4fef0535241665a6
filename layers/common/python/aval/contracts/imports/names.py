"""Names of elements and attributes as files spell them: with or without accents, in any case or namespace."""

import unicodedata
from functools import lru_cache
from typing import Final

ROOTS: Final = (
    "ContratosCCEAL",
    "ContratosCBR",
    "ContratosCCEARQ",
    "ContratosLeilaoAjuste",
    "ContratosProinfa",
    "ReducaoContratual",
)
ELEMENTS: Final = (
    *ROOTS,
    "Contrato",
    "MontanteMedio",
    "MontanteMedioContratoCCEALFirme",
    "MontanteMedioContratoCBR",
    "MontanteMaximoModulacao",
    "MesAno",
    "Semana",
    "Dia",
    "Hora",
    "TipoModulacao",
    "LimiteModulacao",
    "AtivoAssociadoModulacao",
    "AtivoAssociadoLastro",
)
ATTRIBUTES: Final = (
    "tipoGeracao",
    "tipoCCEAL",
    "sistemaOrigem",
    "sequencialControle",
    "numeroContrato",
    "tipoGravacao",
    "tipoCBR",
    "dataDeInicio",
    "dataDeFim",
    "vigenciaDeInicio",
    "vigenciaDeFim",
    "idComprador",
    "idVendedor",
    "idSubMerEntrega",
    "idSubMerOrigem",
    "referencia",
    "observacao",
    "dirAlivExp",
    "partVerLastro",
    "contratoCessao",
    "idContratoCessao",
    "dataFinalizacao",
    "validarFinalizacao",
    "cancelarContrato",
    "validarCancelamento",
    "retirarPedido",
    "validarMontante",
    "montanteMedio",
    "mesAno",
    "semana",
    "dia",
    "hora",
    "montanteHorario",
    "montanteMaximoModulacao",
    "montanteMaximoHorario",
    "tipoModulacao",
    "limiteMinimoModulacao",
    "limiteMaximoModulacao",
    "idAtivoAssociadoModulacao",
    "excluirAtivoAssociadoModulacao",
    "idAtivoAssociadoLastro",
    "excluirAtivoAssociadoLastro",
    "unidadePatamar",
    "patamarLeve",
    "patamarMedio",
    "patamarPesado",
)
_LONGEST: Final = 60


def _folded(name: str) -> str:
    apart = unicodedata.normalize("NFKD", name)
    return "".join(letter for letter in apart if not unicodedata.combining(letter)).casefold()


_ELEMENTS: Final = {_folded(name): name for name in ELEMENTS}
_ATTRIBUTES: Final = {_folded(name): name for name in ATTRIBUTES}


@lru_cache(maxsize=1024)
def element_name(tag: str) -> str:
    """The canonical name, or the tag's own where it is none of ours; namespaces say nothing here."""
    local = tag.rpartition("}")[2]
    return _ELEMENTS.get(_folded(local), local[:_LONGEST])


@lru_cache(maxsize=1024)
def attribute_name(name: str) -> str:
    local = name.rpartition("}")[2]
    return _ATTRIBUTES.get(_folded(local), local[:_LONGEST])
