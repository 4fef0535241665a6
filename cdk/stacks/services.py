"""Functions, and what wakes those that nobody calls."""

from pathlib import Path
from typing import Any

from aws_cdk import Stack
from aws_cdk import aws_scheduler as scheduler
from constructs import Construct

from aval.events import EventName
from aval.settings import Variable
from cdk.components.clock_schedule import ClockSchedule
from cdk.components.contract_bus_choice import ContractBusChoice
from cdk.components.dead_letters import DeadLetters
from cdk.components.event_rules import EventPublished, ObjectCreated, ObjectStartsExecution
from cdk.components.function_code import FunctionCode
from cdk.components.functions.adhesion import DROPPED_LISTS, adhesion_functions
from cdk.components.functions.contract_imports import INCOMING as INCOMING_IMPORTS
from cdk.components.functions.contract_imports import TOLD, contract_import_functions
from cdk.components.functions.contracts_json import contract_functions
from cdk.components.functions.discovery import discovery_functions
from cdk.components.functions.house import House
from cdk.components.functions.identity import identity_functions
from cdk.components.functions.notices import notice_functions
from cdk.components.functions.registry import INCOMING, registry_functions
from cdk.components.functions.soap import soap_functions
from cdk.components.lasting_resources import LastingResources
from cdk.components.people_pool import PeoplePool
from cdk.components.service_function import FunctionSurroundings, ServiceFunction
from cdk.components.service_settings import ServiceSettings
from cdk.components.state_machine import StateMachine
from cdk.components.table_follower import TableFollower


class ServicesStack(Stack):
    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        resources: LastingResources,
        people: PeoplePool,
        dependencies: Path,
        **stack: Any,
    ) -> None:
        super().__init__(scope, construct_id, **stack)
        self.dead_letters = DeadLetters(self, "DeadLetters", key=resources.storage_key)
        self.settings = ServiceSettings(self, "Settings", people=people)
        house = House(
            scope=self,
            surroundings=FunctionSurroundings(
                code=FunctionCode.of(self, dependencies=dependencies),
                key=resources.storage_key,
                alarms=resources.alarms.topic,
                dead_letters=self.dead_letters,
            ),
            resources=resources,
            people=people,
            settings=self.settings,
            contract_bus=ContractBusChoice(self, "ContractBusChoice"),
        )
        self.adhesion = adhesion_functions(house)
        self.identity = identity_functions(house)
        self.discovery = discovery_functions(house)
        self.registry = registry_functions(house)
        self.notices = notice_functions(house)
        self.soap = soap_functions(house)
        self.contracts = contract_functions(house)
        self.schedule_group = scheduler.CfnScheduleGroup(self, "Clock", name="aval-clock")
        self.contract_imports = contract_import_functions(house)
        self.import_machine = self._import_machine(house)
        self._wake_by_the_clock()
        self._wake_by_dropped_files(resources)
        self._wake_by_events(resources)
        self._wake_by_writes(resources)

    @property
    def functions(self) -> list[ServiceFunction]:
        found = [child for child in self.node.children if isinstance(child, ServiceFunction)]
        return sorted(found, key=lambda function: function.operation)

    def _import_machine(self, house: House) -> StateMachine:
        functions = self.contract_imports
        machine = StateMachine(
            self,
            "ImportMachine",
            name="import",
            functions={"ProcessSlice": functions.process_import_slice, "FailImport": functions.fail_import},
            surroundings=house.surroundings,
        )
        machine.grant_start(functions.restart_imports, variable=Variable.IMPORT_MACHINE)
        ObjectStartsExecution(
            self,
            "ImportArrived",
            bucket=house.resources.contracts_bucket,
            prefix=INCOMING_IMPORTS,
            machine=machine,
        )
        return machine

    def _wake_by_the_clock(self) -> None:
        for name, times, function in (
            # A list of the evening may have ended by the morning: some authorities issue every few hours.
            ("FetchRevocationListsHourly", "0 *", self.adhesion.fetch_revocation_lists),
            ("RecheckRevocationsDaily", "0 7", self.adhesion.recheck_revocations),
            ("SendExpiryNoticesDaily", "0 8", self.notices.send_expiry_notices),
            ("RestartImportsOften", "0/5 *", self.contract_imports.restart_imports),
        ):
            ClockSchedule(
                self,
                name,
                function=function,
                times=times,
                group=self.schedule_group,
            )

    def _wake_by_dropped_files(self, resources: LastingResources) -> None:
        ObjectCreated(
            self,
            "RegistryDropped",
            bucket=resources.registry_bucket,
            prefix=INCOMING,
            function=self.registry.load_registry,
        )
        ObjectCreated(
            self,
            "RevocationListDropped",
            bucket=resources.trust_bucket,
            prefix=DROPPED_LISTS,
            function=self.adhesion.take_revocation_list,
        )

    def _wake_by_events(self, resources: LastingResources) -> None:
        EventPublished(
            self,
            "AccessLocked",
            bus=resources.bus,
            name=EventName.ACCESS_LOCKED,
            function=self.notices.send_lock_notice,
        )

    def _wake_by_writes(self, resources: LastingResources) -> None:
        TableFollower(
            self,
            "ContractsFollowed",
            table=resources.contracts_table,
            function=self.contract_imports.publish_contract_events,
            images=TOLD,
        )
