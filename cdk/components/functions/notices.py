"""Mails about certificates that end, and their removal."""

from dataclasses import dataclass

from cdk.components.functions.adhesion import BATCH
from cdk.components.functions.house import House
from cdk.components.service_function import FunctionLimits, ServiceFunction


@dataclass(frozen=True, slots=True)
class NoticeFunctions:
    send_expiry_notices: ServiceFunction


def notice_functions(house: House) -> NoticeFunctions:
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
    return NoticeFunctions(send_expiry_notices=function)
