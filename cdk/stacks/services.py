"""Functions, and what wakes those that nobody calls."""

from pathlib import Path
from typing import Any

from aws_cdk import Stack
from aws_cdk import aws_scheduler as scheduler
from constructs import Construct

from aval.events import EventName
from aval.settings import Variable
from cdk.components.clock_schedule import ClockSchedule
from cdk.components.confidential_resources import ConfidentialResources
from cdk.components.contract_bus_choice import ContractBusChoice
from cdk.components.dead_letters import DeadLetters
from cdk.components.event_rules import EventPublished, ObjectCreated, ObjectStartsExecution
from cdk.components.failed_messages import FailedMessages
from cdk.components.function_code import FunctionCode
from cdk.components.functions.acts import act_functions
from cdk.components.functions.adhesion import DROPPED_LISTS, adhesion_functions
from cdk.components.functions.contract_imports import INCOMING as INCOMING_IMPORTS
from cdk.components.functions.contract_imports import TOLD, contract_import_functions
from cdk.components.functions.contracts_json import contract_functions
from cdk.components.functions.discovery import discovery_functions
from cdk.components.functions.house import Foundations, House
from cdk.components.functions.identity import identity_functions
from cdk.components.functions.models import model_functions
from cdk.components.functions.notices import notice_functions
from cdk.components.functions.prudential import prudential_functions
from cdk.components.functions.readers import reader_functions
from cdk.components.functions.registry import INCOMING, registry_functions
from cdk.components.functions.soap import soap_functions
from cdk.components.functions.weeks import INCOMING as INCOMING_PARAMETERS
from cdk.components.functions.weeks import week_functions
from cdk.components.lasting_resources import LastingResources
from cdk.components.names import TASK_MACHINE
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
        foundations: Foundations,
        dependencies: Path,
        **stack: Any,
    ) -> None:
        super().__init__(scope, construct_id, **stack)
        resources, people = foundations.resources, foundations.people
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
            confidential=foundations.confidential,
            people=people,
            settings=self.settings,
            contract_bus=ContractBusChoice(self, "ContractBusChoice"),
        )
        self.house = house
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
        self.prudential = prudential_functions(house)
        self.acts = act_functions(house)
        self.models = model_functions(house)
        self.readers = reader_functions(house)
        self.weeks = week_functions(house)
        self.task_machine = self._task_machine(house)
        self._wake_by_the_clock()
        self._wake_by_dropped_files(resources, foundations.confidential)
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
            parts={"ProcessSlice": functions.process_import_slice, "FailImport": functions.fail_import},
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

    def _task_machine(self, house: House) -> StateMachine:
        functions = self.prudential
        machine = StateMachine(
            self,
            "TaskMachine",
            name=TASK_MACHINE,
            parts={"Tasks": house.confidential.task_queue, "FailTask": functions.fail_task},
            surroundings=house.surroundings,
        )
        for starting in (functions.submit_rehearsal, functions.restart_tasks, self.acts.submit_act):
            machine.grant_start(starting, variable=Variable.TASK_MACHINE)
        machine.grant_list(functions.restart_tasks)
        machine.grant_fail_tasks(functions.fail_undelivered)
        FailedMessages(
            self, "TasksUndelivered", queue=house.confidential.task_queue, function=functions.fail_undelivered
        )
        return machine

    def _wake_by_the_clock(self) -> None:
        for name, times, function in (
            # A list of the evening may have ended by the morning: some authorities issue every few hours.
            ("FetchRevocationListsHourly", "0 *", self.adhesion.fetch_revocation_lists),
            ("RecheckRevocationsDaily", "0 7", self.adhesion.recheck_revocations),
            ("SendExpiryNoticesDaily", "0 8", self.notices.send_expiry_notices),
            ("RestartImportsOften", "0/5 *", self.contract_imports.restart_imports),
            ("RestartTasksOften", "0/5 *", self.prudential.restart_tasks),
            ("TryWithoutAttestationOften", "0/15 *", self.prudential.try_without_attestation),
        ):
            ClockSchedule(
                self,
                name,
                function=function,
                times=times,
                group=self.schedule_group,
            )

    def _wake_by_dropped_files(
        self, resources: LastingResources, confidential: ConfidentialResources
    ) -> None:
        ObjectCreated(
            self,
            "ParametersDropped",
            bucket=confidential.prudential_bucket,
            prefix=INCOMING_PARAMETERS,
            function=self.weeks.load_parameters,
        )
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
            names=[EventName.ACCESS_LOCKED],
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
