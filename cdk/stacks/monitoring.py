"""Lotes of the prudential monitoring: a stack of their own, for a template holds 500 resources at most."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from aws_cdk import Stack
from constructs import Construct

from aval.events import EventName
from aval.settings import Variable
from cdk.components.clock_schedule import ClockSchedule
from cdk.components.dead_letters import DeadLetters
from cdk.components.event_rules import EventPublished, ObjectStartsExecution
from cdk.components.function_code import FunctionCode
from cdk.components.functions.house import House
from cdk.components.functions.lotes import FILES, lote_functions
from cdk.components.functions.publication import publication_functions
from cdk.components.names import LOTE_MACHINE
from cdk.components.service_function import FunctionSurroundings, ServiceFunction
from cdk.components.state_machine import StateMachine
from cdk.stacks.services import ServicesStack


class MonitoringStack(Stack):
    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        services: ServicesStack,
        dependencies: Path,
        **stack: Any,
    ) -> None:
        super().__init__(scope, construct_id, **stack)
        # Layers change with each deployment, and a queue's policy names what sends to it: neither may be
        # another stack's.
        key = services.house.resources.storage_key
        self.dead_letters = DeadLetters(self, "DeadLetters", key=key)
        house = replace(
            services.house,
            scope=self,
            surroundings=FunctionSurroundings(
                code=FunctionCode.of(self, dependencies=dependencies),
                key=key,
                alarms=services.house.surroundings.alarms,
                dead_letters=self.dead_letters,
            ),
        )
        self.lotes = lote_functions(house)
        self.publication = publication_functions(house)
        self.lote_machine = self._lote_machine(house, undelivered=services.prudential.fail_undelivered)
        for name, times, function in (
            ("RestartLotesOften", "0/5 *", self.lotes.restart_lotes),
            ("CloseWeeksOften", "0/5 *", self.publication.close_weeks),
            ("SendDeadlineNoticesHourly", "0 *", self.publication.send_deadline_notices),
        ):
            ClockSchedule(self, name, function=function, times=times, group=services.schedule_group)
        EventPublished(
            self,
            "LoteEnded",
            bus=house.resources.bus,
            names=[EventName.LOTE_PROCESSED, EventName.LOTE_REJECTED],
            function=self.lotes.send_lote_notice,
        )

    @property
    def functions(self) -> list[ServiceFunction]:
        found = [child for child in self.node.children if isinstance(child, ServiceFunction)]
        return sorted(found, key=lambda function: function.operation)

    def _lote_machine(self, house: House, *, undelivered: ServiceFunction) -> StateMachine:
        functions = self.lotes
        machine = StateMachine(
            self,
            "LoteMachine",
            name=LOTE_MACHINE,
            parts={
                "Tasks": house.confidential.task_queue,
                "ReceiveLote": functions.receive_lote,
                "PersistLoteChunk": functions.persist_lote_chunk,
                "SummariseLote": functions.summarise_lote,
                "RejectLote": functions.reject_lote,
            },
            surroundings=house.surroundings,
        )
        machine.grant_start(functions.restart_lotes, variable=Variable.LOTE_MACHINE)
        machine.grant_list(functions.restart_lotes)
        # Its messages go through the queue of tasks, and so do those that nobody could work off.
        machine.grant_fail_tasks(undelivered)
        ObjectStartsExecution(
            self,
            "LoteArrived",
            bucket=house.confidential.prudential_bucket,
            prefix=FILES,
            machine=machine,
        )
        return machine
