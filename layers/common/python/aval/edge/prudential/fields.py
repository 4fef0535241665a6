"""Fields of the confidential core on the wire, each with its pattern published."""

from typing import Annotated, Final, Literal

from aws_lambda_powertools.event_handler.openapi.params import Path, Query
from pydantic import Field

from aval.prudential.tasks import TaskAct

EVENT: Final = r"^[0-9]{4}(0[1-9]|1[0-2])[0-9]{3}$"

EventInBody = Annotated[
    str,
    Field(
        pattern=EVENT,
        description="A semana: ano, mês e número dela no mês; um ensaio pode ser de qualquer uma",
        examples=["202611003"],
    ),
]
EventInPath = Annotated[
    str,
    Path(alias="evento", pattern=EVENT, description="A semana: ano, mês e número", examples=["202611003"]),
]
ActAsked = Annotated[
    Literal[TaskAct.DELIVER, TaskAct.READ, TaskAct.VALIDATE, TaskAct.SEND],
    Field(description="O que se pede: ENTREGAR, LER, VALIDAR ou ENVIAR"),
]
Nonce = Annotated[
    str,
    Query(
        alias="nonce",
        pattern=r"^([0-9a-fA-F]{2}){16,64}$",
        description="De 16 a 64 bytes sorteados por quem pede, em hexadecimal; o atestado os traz de volta",
        examples=["0f" * 16],
    ),
]
TaskCode = Annotated[
    str,
    Path(
        alias="tarefa",
        pattern=r"^[0-9a-f]{64}$",
        description="O código recebido no envio",
        examples=["0f" * 32],
    ),
]
