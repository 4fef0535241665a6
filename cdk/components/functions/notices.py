"""Mails about certificates that end and accesses that lock."""

from dataclasses import dataclass

from cdk.components.functions.adhesion import BATCH
from cdk.components.functions.house import House
from cdk.components.service_function import FunctionLimits, ServiceFunction


@dataclass(frozen=True, slots=True)
class NoticeFunctions:
    send_expiry_notices: ServiceFunction
    send_lock_notice: ServiceFunction


def notice_functions(house: House) -> NoticeFunctions:
    return NoticeFunctions(
        send_expiry_notices=_send_expiry_notices(house),
        send_lock_notice=_send_lock_notice(house),
    )


def _send_expiry_notices(house: House) -> ServiceFunction:
    function = ServiceFunction(
        house.scope,
        "SendExpiryNotices",
        handler="notices.send_expiry_notices",
        surroundings=house.surroundings,
        limits=FunctionLimits(timeout=BATCH, one_at_a_time=True),
    )
    resources = house.resources
    resources.registry_table.grant_read(function)
    resources.adhesion_table.grant_read(function)
    resources.adhesion_table.grant_query_by_expiry(function)
    resources.adhesion_table.grant_write(function)
    resources.bus.grant_publish(function)
    resources.mail_sender.grant_send(function)
    return function


def _send_lock_notice(house: House) -> ServiceFunction:
    function = ServiceFunction(
        house.scope,
        "SendLockNotice",
        handler="notices.send_lock_notice",
        surroundings=house.surroundings,
        limits=FunctionLimits(timeout=BATCH),
    )
    resources = house.resources
    resources.registry_table.grant_read(function)
    resources.adhesion_table.grant_read(function)
    resources.adhesion_table.grant_write(function, actions=["dynamodb:UpdateItem"])
    resources.mail_sender.grant_send(function)
    return function
