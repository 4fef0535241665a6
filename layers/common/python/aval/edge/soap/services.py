"""The eight services: paths, versions, prefixes and operations, as CCEE publishes them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from aval.edge.soap import operations
from aval.edge.soap.namespaces import V1, V2, Dialect
from aval.edge.soap.operations import Call
from aval.edge.soap.replies import Prefixes, Reply


@dataclass(frozen=True, slots=True)
class Operation:
    """`request` is the element in the Body; `answer` may raise any refusal of the bus."""

    request: str
    answer: Callable[[Call], Reply]


@dataclass(frozen=True, slots=True)
class Service:
    """Operations by their SOAPAction."""

    path: str
    dialect: Dialect
    prefixes: Prefixes
    operations: Mapping[str, Operation]

    @property
    def name(self) -> str:
        return self.path.rpartition("/")[2]


_FIRST: Final = Prefixes("mh", "bm", "bo")
_SECOND: Final = Prefixes("mhv2", "bmv2", "bov2")
_SECOND_PLAIN_HEADER: Final = Prefixes("mh", "bmv2", "bov2")

IMPORT: Final = Service(
    "/ws/cntr/ImportarArquivoBSv1",
    V1,
    _FIRST,
    {"importarArquivo": Operation("importarArquivo", operations.import_file)},
)
OUTCOME: Final = Service(
    "/ws/cntr/ResultadoProcessamentoBSv1",
    V1,
    _FIRST,
    {
        "obterResultadoProcessamento": Operation(
            "obterResultadoProcessamentoRequest", operations.read_outcome
        ),
    },
)
CONTRACT: Final = Service(
    "/ws/v2/ContratoBSv2",
    V2,
    _SECOND,
    {
        "listarContrato": Operation("listarContratoRequest", operations.list_contracts),
        "obterContrato": Operation("obterContratoRequest", operations.read_contract),
    },
)
AMOUNT: Final = Service(
    "/ws/v2/MontanteEnergiaBSv2",
    V2,
    _SECOND,
    {"listarMontanteEnergia": Operation("listarMontanteEnergiaRequest", operations.list_amounts)},
)
PARCEL: Final = Service(
    "/ws/v2/ParcelaAtivoBSv2",
    V2,
    _SECOND_PLAIN_HEADER,
    {
        "listarParcelaAtivo": Operation("listarParcelaAtivoRequest", operations.list_parcels),
        "listarAtivoAssociadoContrato": Operation(
            "listarParcelaAtivoRequest", operations.list_linked_parcels
        ),
    },
)
ASSET: Final = Service(
    "/ws/v2/AtivoMedicaoBSv2",
    V2,
    _SECOND,
    {"listarAtivoMedicao": Operation("listarAtivoMedicaoRequest", operations.list_assets)},
)
PARTICIPANT: Final = Service(
    "/ws/v2/ParticipanteMercadoBSv2",
    V2,
    _SECOND,
    {
        "listarParticipanteMercado": Operation(
            "listarParticipanteMercadoRequest", operations.list_participants
        )
    },
)
PROFILE: Final = Service(
    "/ws/v2/PerfilParticipanteMercadoBSv2",
    V2,
    _SECOND_PLAIN_HEADER,
    {
        "listarPerfilParticipanteMercado": Operation(
            "listarPerfilParticipanteMercadoRequest", operations.list_profiles
        ),
    },
)

SERVICES: Final = (IMPORT, OUTCOME, CONTRACT, AMOUNT, PARCEL, ASSET, PARTICIPANT, PROFILE)
