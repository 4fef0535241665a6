import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from aval.settings import Variable
from cdk.components.function_code import ROOT
from tests.infrastructure.assembly import Assembly, Resource

HANDLERS = sorted(f"{source.parent.name}.{source.stem}" for source in (ROOT / "lambdas").glob("*/*.py"))
POWERTOOLS = {
    "POWERTOOLS_SERVICE_NAME",
    "POWERTOOLS_METRICS_NAMESPACE",
    "POWERTOOLS_LOG_LEVEL",
    "POWERTOOLS_LOGGER_LOG_EVENT",
    "POWERTOOLS_TRACE_DISABLED",
}
# API Gateway waits 30 s, and a caller should be told rather than cut off.
LONGEST_ANSWER_SECONDS = 29


def _functions(assembly: Assembly) -> list[Resource]:
    return assembly.resources("AWS::Lambda::Function")


def _handler(function: Resource) -> str:
    return str(function.properties["Handler"]).removesuffix(".handler")


def _source(handler: str) -> str:
    return (ROOT / "lambdas" / f"{handler.replace('.', '/')}.py").read_text()


def _variables(function: Resource) -> set[str]:
    return set(function.properties["Environment"]["Variables"])


def _woken(assembly: Assembly) -> set[str]:
    """The functions that a rule or a schedule starts without waiting for them."""
    rules = [
        target["Arn"]
        for rule in assembly.resources("AWS::Events::Rule")
        for target in rule.properties["Targets"]
    ]
    schedules = [one.properties["Target"]["Arn"] for one in assembly.resources("AWS::Scheduler::Schedule")]
    functions = {f"{function.name}.Arn": function.name for function in _functions(assembly)}
    return {functions[arn] for arn in (*rules, *schedules) if arn in functions}


def _followers(assembly: Assembly) -> set[str]:
    """The functions that a table's stream or a queue wakes."""
    mappings = assembly.resources("AWS::Lambda::EventSourceMapping")
    return {mapping.properties["FunctionName"] for mapping in mappings}


def _steps(assembly: Assembly) -> set[str]:
    """The functions that a state machine calls, and waits for longer than a caller would."""
    return {
        arn.removesuffix(".Arn")
        for machine in assembly.resources("AWS::StepFunctions::StateMachine")
        for arn in machine.properties["DefinitionSubstitutions"].values()
    }


def _composed(handler: str) -> set[str]:
    """The variables read by adapters that put together what several handlers share."""
    seen: set[Path] = set()
    waiting = list(_adapters_of(_source(handler)))
    while waiting:
        source = waiting.pop()
        if source not in seen:
            seen.add(source)
            waiting += _adapters_of(source.read_text())
    return {variable for source in seen for variable in _read(source.read_text())}


def _adapters_of(source: str) -> Iterator[Path]:
    package = ROOT / "layers/common/python"
    for folder, names in re.findall(r"^\s*from (aval\.adapters[\w.]*) import (.+)$", source, re.MULTILINE):
        modules = [folder, *(f"{folder}.{name}" for name in re.findall(r"\w+", names))]
        files = [package / f"{module.replace('.', '/')}.py" for module in modules]
        yield from (file for file in files if file.is_file())


def _read(source: str) -> set[str]:
    return {Variable[name].value for name in re.findall(r"\bVariable\.([A-Z_]+)", source)}


def test_there_is_a_function_for_each_handler_and_no_other(assembly: Assembly) -> None:
    assert sorted(_handler(function) for function in _functions(assembly)) == HANDLERS


@pytest.mark.parametrize("handler", HANDLERS)
def test_every_module_among_the_handlers_defines_one(handler: str) -> None:
    assert re.search(r"^(def handler\(|handler\b.*=)", _source(handler), re.MULTILINE)


def test_no_function_without_a_role_of_its_own(assembly: Assembly) -> None:
    roles = [function.properties["Role"] for function in _functions(assembly)]
    assert len(set(roles)) == len(roles) == len(HANDLERS)


def test_a_role_has_the_name_that_key_policies_know_it_by(assembly: Assembly) -> None:
    for function in _functions(assembly):
        role = assembly.the("AWS::IAM::Role", RoleName=function.properties["FunctionName"])
        assert function.properties["Role"] == f"{role.name}.Arn"


def test_no_function_without_a_log_group_of_its_own(assembly: Assembly) -> None:
    groups = {group.name for group in assembly.resources("AWS::Logs::LogGroup")}
    used = [function.properties["LoggingConfig"]["LogGroup"] for function in _functions(assembly)]
    assert set(used) <= groups
    assert len(set(used)) == len(used)


def test_a_function_writes_into_its_own_log_alone(assembly: Assembly) -> None:
    for function in _functions(assembly):
        [statement] = [
            one
            for one in assembly.role_statements(function.properties["FunctionName"])
            if "logs:PutLogEvents" in one.actions
        ]
        assert statement.resources == [f"{function.properties['LoggingConfig']['LogGroup']}.Arn"]


def test_no_function_without_a_timeout_that_fits_who_waits_for_it(assembly: Assembly) -> None:
    patient = _woken(assembly) | _followers(assembly) | _steps(assembly)
    for function in _functions(assembly):
        seconds = function.properties["Timeout"]
        assert seconds <= (900 if function.name in patient else LONGEST_ANSWER_SECONDS), function.name


def test_no_function_that_nobody_waits_for_without_a_place_for_its_failures(assembly: Assembly) -> None:
    kept = {
        config.properties["FunctionName"]: config.properties["DestinationConfig"]["OnFailure"]["Destination"]
        for config in assembly.resources("AWS::Lambda::EventInvokeConfig")
    }
    assert set(kept) == _woken(assembly) != set()
    for name, destination in kept.items():
        assert destination == f"{assembly.dead_letters(name.split('/')[0]).name}.Arn"
        [function] = [one for one in _functions(assembly) if one.name == name]
        statements = assembly.role_statements(function.properties["FunctionName"])
        assert any(one.actions == ["sqs:SendMessage"] for one in statements), name


def test_functions_run_on_one_runtime_and_processor_with_both_layers(assembly: Assembly) -> None:
    for function in _functions(assembly):
        own = [one for one in assembly.resources("AWS::Lambda::LayerVersion") if one.stack == function.stack]
        layers = {layer.name for layer in own}
        assert len(layers) == 2
        assert function.properties["Runtime"] == "python3.11"
        assert function.properties["Architectures"] == ["arm64"]
        assert set(function.properties["Layers"]) == layers


def test_every_variable_of_ours_is_one_that_the_code_knows(assembly: Assembly) -> None:
    for function in _functions(assembly):
        assert _variables(function) - POWERTOOLS <= set(Variable), function.name


@pytest.mark.parametrize("handler", HANDLERS)
def test_a_function_is_given_all_that_its_handler_names_and_nothing_that_it_cannot_read(
    assembly: Assembly, handler: str
) -> None:
    """Exactly what it names, where it puts everything together itself (docs/decisions.md, 14)."""
    [function] = [one for one in _functions(assembly) if _handler(one) == handler]
    given, named = _variables(function) - POWERTOOLS, _read(_source(handler))
    assert named <= given <= named | _composed(handler)


def test_no_function_logs_the_event_it_got(assembly: Assembly) -> None:
    for function in _functions(assembly):
        assert function.properties["Environment"]["Variables"]["POWERTOOLS_LOGGER_LOG_EVENT"] == "false"


def test_jobs_that_would_meet_themselves_run_one_at_a_time(assembly: Assembly) -> None:
    alone = {
        _handler(function)
        for function in _functions(assembly)
        if function.properties.get("ReservedConcurrentExecutions") == 1
    }
    assert alone == {
        "adhesion.fetch_revocation_lists",
        "adhesion.recheck_revocations",
        "contracts.restart_imports",
        "notices.send_expiry_notices",
        "prudential.load_parameters",
        "prudential.close_weeks",
        "prudential.restart_lotes",
        "prudential.restart_tasks",
        "prudential.send_deadline_notices",
        "registry.load_registry",
    }
