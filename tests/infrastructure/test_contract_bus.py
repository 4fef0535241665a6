"""Another bus is asked only where a deployer says so, and its secret read only by who asks it."""

from aval.adapters.ccee.transport import Patience
from tests.infrastructure.assembly import Assembly

VARIABLE = "AVAL_CONTRACT_BUS"
STACK = "aval-services"


def users(assembly: Assembly) -> dict[str, dict[str, str]]:
    """Variables by name of every function that asks a bus."""
    found = {}
    for function in assembly.resources("AWS::Lambda::Function"):
        variables = function.properties.get("Environment", {}).get("Variables", {})
        if VARIABLE in variables:
            found[function.properties["FunctionName"]] = variables
    return found


def test_every_function_that_asks_a_bus_is_told_which_by_the_deployer(assembly: Assembly) -> None:
    asking = users(assembly)
    assert {"aval-soap-import-file", "aval-list-contracts", "aval-list-participants"} <= set(asking)
    told = {
        (variables[VARIABLE], variables["AVAL_CCEE_URL"], variables["AVAL_CCEE_SECRET"])
        for variables in asking.values()
    }
    assert told == {(f"{STACK}/ContractBus", f"{STACK}/CceeUrl", f"{STACK}/CceeSecretArn")}


def test_a_deployment_answers_from_its_own_tables_unless_told_otherwise(assembly: Assembly) -> None:
    parameters = assembly.templates[STACK]["Parameters"]
    assert parameters["ContractBus"]["Default"] == "NATIVO"
    assert (parameters["CceeUrl"]["Default"], parameters["CceeSecretArn"]["Default"]) == ("", "")


def test_another_bus_without_address_or_secret_is_refused_before_anything_changes(assembly: Assembly) -> None:
    rule = assembly.templates[STACK]["Rules"]["ContractBusIsWhole"]
    assert rule["RuleCondition"] == {"Fn::Equals": [{"Ref": "ContractBus"}, "CCEE"]}
    needed = [entry["Assert"]["Fn::Not"][0]["Fn::Equals"] for entry in rule["Assertions"]]
    assert needed == [[{"Ref": "CceeUrl"}, ""], [{"Ref": "CceeSecretArn"}, ""]]


def test_the_secret_is_read_by_who_asks_the_other_bus_and_by_nobody_else(assembly: Assembly) -> None:
    condition = assembly.templates[STACK]["Conditions"]["ContractBusIsOther"]
    assert condition == {"Fn::Equals": [{"Ref": "ContractBus"}, "CCEE"]}
    roles = {role.name: role.properties.get("RoleName", "") for role in assembly.resources("AWS::IAM::Role")}
    readers = set()
    for policy in assembly.resources("AWS::IAM::Policy"):
        for statement in policy.properties["PolicyDocument"]["Statement"]:
            if "secretsmanager" in str(statement["Action"]):
                assert statement["Action"] == "secretsmanager:GetSecretValue"
                assert statement["Resource"] == f"{STACK}/CceeSecretArn"
                assert policy.raw["Condition"] == "ContractBusIsOther"
                readers |= {roles[role] for role in policy.properties["Roles"]}
    assert readers == set(users(assembly))


def test_functions_that_ask_a_bus_outlast_its_patience(assembly: Assembly) -> None:
    timeouts = {
        function.properties["FunctionName"]: function.properties["Timeout"]
        for function in assembly.resources("AWS::Lambda::Function")
    }
    assert {name for name in users(assembly) if timeouts[name] <= Patience().total_seconds} == set()
