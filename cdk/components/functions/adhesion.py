"""Companies' certificates and passwords."""

from dataclasses import dataclass

from aws_cdk import Duration

from cdk.components.functions.house import House
from cdk.components.service_function import FunctionLimits, ServiceFunction

TRUSTSTORE = "truststore/"
REVOCATION_LISTS = "lcr/listas/"
DROPPED_LISTS = "lcr/entrada/"
# argon2id's memory is wanted at once, and Lambda gives processor in proportion to memory.
PASSWORD_MEMORY_MIB = 1024
# ICP-Brasil's longest lists hold some hundred thousand serials, parsed whole.
LIST_MEMORY_MIB = 2048
BATCH = Duration.minutes(10)


@dataclass(frozen=True, slots=True)
class AdhesionFunctions:
    list_companies: ServiceFunction
    read_company: ServiceFunction
    change_adhesion: ServiceFunction
    verify_certificate: ServiceFunction
    download_certificate: ServiceFunction
    read_history: ServiceFunction
    take_revocation_list: ServiceFunction
    fetch_revocation_lists: ServiceFunction
    recheck_revocations: ServiceFunction


def adhesion_functions(house: House) -> AdhesionFunctions:
    return AdhesionFunctions(
        list_companies=_reader(house, "ListCompanies", "list_companies"),
        read_company=_reader(house, "ReadCompany", "read_company"),
        change_adhesion=_change_adhesion(house),
        verify_certificate=_verify_certificate(house),
        download_certificate=_reader(house, "DownloadCertificate", "download_certificate"),
        read_history=_reader(house, "ReadHistory", "read_history"),
        take_revocation_list=_take_revocation_list(house),
        fetch_revocation_lists=_fetch_revocation_lists(house),
        recheck_revocations=_recheck_revocations(house),
    )


def _reader(house: House, construct_id: str, operation: str) -> ServiceFunction:
    function = ServiceFunction(
        house.scope, construct_id, handler=f"adhesion.{operation}", surroundings=house.surroundings
    )
    house.resources.registry_table.grant_read(function)
    house.resources.adhesion_table.grant_read(function)
    return function


def _change_adhesion(house: House) -> ServiceFunction:
    function = ServiceFunction(
        house.scope,
        "ChangeAdhesion",
        handler="adhesion.change_adhesion",
        surroundings=house.surroundings,
        limits=FunctionLimits(memory_mib=PASSWORD_MEMORY_MIB, timeout=Duration.seconds(25)),
    )
    resources = house.resources
    resources.registry_table.grant_read(function)
    resources.adhesion_table.grant_read(function)
    resources.adhesion_table.grant_write(function)
    resources.pepper_key.grant_mac(function)
    resources.bus.grant_publish(function)
    _examines_uploads(house, function)
    return function


def _verify_certificate(house: House) -> ServiceFunction:
    function = _reader(house, "VerifyCertificate", "verify_certificate")
    _examines_uploads(house, function)
    return function


def _take_revocation_list(house: House) -> ServiceFunction:
    function = ServiceFunction(
        house.scope,
        "TakeRevocationList",
        handler="adhesion.take_revocation_list",
        surroundings=house.surroundings,
        limits=FunctionLimits(memory_mib=LIST_MEMORY_MIB, timeout=BATCH),
    )
    _judges_certificates(house, function)
    house.resources.trust_bucket.grant_read(function, DROPPED_LISTS)
    house.resources.trust_bucket.grant_write(function, REVOCATION_LISTS)
    return function


def _fetch_revocation_lists(house: House) -> ServiceFunction:
    function = ServiceFunction(
        house.scope,
        "FetchRevocationLists",
        handler="adhesion.fetch_revocation_lists",
        surroundings=house.surroundings,
        limits=FunctionLimits(memory_mib=LIST_MEMORY_MIB, timeout=BATCH, one_at_a_time=True),
    )
    _judges_certificates(house, function)
    house.resources.trust_bucket.grant_write(function, REVOCATION_LISTS)
    house.resources.adhesion_table.grant_read(function)
    house.resources.adhesion_table.grant_query_by_expiry(function)
    return function


def _recheck_revocations(house: House) -> ServiceFunction:
    function = ServiceFunction(
        house.scope,
        "RecheckRevocations",
        handler="adhesion.recheck_revocations",
        surroundings=house.surroundings,
        limits=FunctionLimits(memory_mib=LIST_MEMORY_MIB, timeout=BATCH, one_at_a_time=True),
    )
    resources = house.resources
    resources.registry_table.grant_read(function)
    resources.adhesion_table.grant_read(function)
    resources.adhesion_table.grant_query_by_expiry(function)
    resources.adhesion_table.grant_write(function)
    resources.bus.grant_publish(function)
    resources.mail_sender.grant_send(function)
    resources.trust_bucket.grant_read(function, REVOCATION_LISTS)
    resources.trust_bucket.grant_list(function)
    return function


def _examines_uploads(house: House, function: ServiceFunction) -> None:
    _judges_certificates(house, function)
    house.settings.say_how_a_cnpj_compares(function)


def _judges_certificates(house: House, function: ServiceFunction) -> None:
    house.resources.trust_bucket.grant_read(function, TRUSTSTORE, REVOCATION_LISTS)
    house.resources.trust_bucket.grant_list(function)
    house.settings.name_the_roots(function)
