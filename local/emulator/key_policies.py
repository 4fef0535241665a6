"""A key's policy binds everybody, the account's root too, and refuses in the words of AWS.

"No AWS principal, including the account root user or key creator, has any permissions to a KMS key unless
they are explicitly allowed": https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html
"""

import inspect
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from ministack.core import iam_actions, iam_evaluator
from ministack.core.responses import get_account_id
from ministack.services import kms

from local.emulator.upstream import replace

Found = tuple[str, str] | None

ATTESTATION_CONDITION: Final = "kms:recipientattestation:"


@dataclass(slots=True)
class Switch:
    """Whether KMS forgets the conditions of attestation, as no KMS should: the canary has to notice."""

    misbehaving: bool = False

    def misbehave(self) -> None:
        self.misbehaving = True

    def behave(self) -> None:
        self.misbehaving = False


def install() -> Switch:
    switch = Switch()
    replace(
        iam_actions,
        "extract_iam_action",
        still_has="action_name = _action_from_query(query_params, body,",
        by=named_by_its_target,
    )
    replace(iam_evaluator, "enforce", still_has="if principal.policies is None:", by=_binding_root)
    replace(
        iam_actions,
        "access_denied_response",
        still_has='code = error_code or _DENIED_CODES.get(service, "AccessDenied")',
        by=_in_the_words_of_kms,
    )
    replace(
        kms,
        "key_policy_for_arn",
        still_has='rec.get("Policy")',
        by=lambda original: _as_the_switch_says(original, switch),
    )
    return switch


def named_by_its_target(original: Callable[..., str | None]) -> Callable[..., str | None]:
    """KMS does what X-Amz-Target names; the emulator would ask its policies about an Action in the query."""

    def action(service: str, method: str, path: str, headers: Mapping[str, str], *rest: Any) -> str | None:
        if service != "kms":
            return original(service, method, path, headers, *rest)
        return original(service, method, path, {"x-amz-target": headers.get("x-amz-target", "")}, b"", {})

    return action


def _binding_root(original: Callable[..., Any]) -> Callable[..., Any]:
    """The emulator lets the root do anything before it looks at a policy."""

    signature = inspect.signature(original)

    def enforce(*given: Any, **named: Any) -> Any:
        refused, asked = original(*given, **named), signature.bind(*given, **named)
        asked.apply_defaults()
        if refused is not None or asked.arguments["service"] != "kms":
            return refused
        return _refused_to_root(asked.arguments)

    return enforce


def _refused_to_root(asked: Mapping[str, Any]) -> Any:
    """Return the refusal when the caller is the account's root and the key's policy does not allow it."""
    resource = asked["resource_arn"]
    principal = iam_evaluator.resolve_principal(asked["access_key_id"] or "", get_account_id())
    policy = iam_evaluator._resource_policy("kms", resource)
    if principal.policies is not None or policy is None:
        return None
    context = iam_evaluator.EvalContext(
        principal_arn=principal.arn,
        principal_type=principal.type,
        principal_account=principal.account,
        action=asked["iam_action"],
        resource_arn=resource,
        region=asked["region"],
        service_context={name.lower(): value for name, value in (asked["service_context"] or {}).items()},
        principal_keys=principal.keys,
    )
    decision = iam_evaluator.evaluate_resource_policy(policy[0], context)
    if decision.decision == "Allow":
        return None
    decision.principal_arn = principal.arn
    if decision.decision == "Deny":
        decision.resource_policy_arn = resource
    return decision


def _in_the_words_of_kms(original: Callable[..., Any]) -> Callable[..., Any]:
    """KMS answers 400, and says whether a policy of the key denied or none allowed."""

    def response(service: str, action: str, principal_arn: str, request_id: str, **told: Any) -> Any:
        resource = told.get("resource_arn", "*")
        if service != "kms" or told.get("error_code") or not resource.startswith("arn:"):
            return original(service, action, principal_arn, request_id, **told)
        if told.get("explicit_deny"):
            kind = "a resource-based" if told.get("resource_policy_arn") else "an identity-based"
            reason = f"with an explicit deny in {kind} policy"
        else:
            reason = f"because no resource-based policy allows the {action} action"
        text = (
            f"User: {principal_arn} is not authorized to perform: {action} on resource: {resource} {reason}"
        )
        body = json.dumps({"__type": "AccessDeniedException", "Message": text}).encode()
        return 400, {"Content-Type": "application/x-amz-json-1.1"}, body

    return response


def _as_the_switch_says(original: Callable[[str], Found], switch: Switch) -> Callable[[str], Found]:
    def policy_for(resource_arn: str) -> Found:
        found = original(resource_arn)
        if found is None or not switch.misbehaving:
            return found
        return without_attestation(found[0]), found[1]

    return policy_for


def asks_for_attestation(policy: str) -> bool:
    return ATTESTATION_CONDITION in policy.lower()


def without_attestation(policy: str) -> str:
    """Return the policy as it would be had somebody taken the conditions of attestation out of it."""
    document = json.loads(policy)
    document["Statement"] = [
        {**statement, "Condition": _without(statement.get("Condition", {}))}
        for statement in document["Statement"]
        # A denial with one condition less would deny more.
        if statement["Effect"] == "Allow" or not asks_for_attestation(json.dumps(statement))
    ]
    return json.dumps(document)


def _without(conditions: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    kept = {
        operator: {key: value for key, value in wanted.items() if not asks_for_attestation(key)}
        for operator, wanted in conditions.items()
    }
    return {operator: wanted for operator, wanted in kept.items() if wanted}
