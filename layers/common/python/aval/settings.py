"""Names that the templates and the code share, and the one place that reads the environment."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Self


class Variable(StrEnum):
    ENVIRONMENT = "AVAL_ENVIRONMENT"
    REGISTRY_TABLE = "AVAL_REGISTRY_TABLE"
    ADHESION_TABLE = "AVAL_ADHESION_TABLE"
    IDENTITY_TABLE = "AVAL_IDENTITY_TABLE"
    REGISTRY_BUCKET = "AVAL_REGISTRY_BUCKET"
    TRUST_BUCKET = "AVAL_TRUST_BUCKET"
    EVENT_BUS = "AVAL_EVENT_BUS"
    PEPPER_KEY_ID = "AVAL_PEPPER_KEY_ID"
    TOKEN_KEY_ID = "AVAL_TOKEN_KEY_ID"
    USER_POOL_ID = "AVAL_USER_POOL_ID"
    USER_POOL_CLIENT_ID = "AVAL_USER_POOL_CLIENT_ID"
    USER_POOL_ISSUER = "AVAL_USER_POOL_ISSUER"
    ACCESS_QUEUE_URL = "AVAL_ACCESS_QUEUE_URL"
    JWKS_URL = "AVAL_JWKS_URL"
    COGNITO_ENDPOINT = "AVAL_COGNITO_ENDPOINT"
    PUBLIC_URL = "AVAL_PUBLIC_URL"
    MAIL_SENDER = "AVAL_MAIL_SENDER"
    TRUSTED_ROOTS = "AVAL_TRUSTED_ROOTS"
    CNPJ_COMPARISON = "AVAL_CNPJ_COMPARISON"
    CONTRACTS_TABLE = "AVAL_CONTRACTS_TABLE"
    CONTRACTS_BUCKET = "AVAL_CONTRACTS_BUCKET"
    IMPORT_MACHINE = "AVAL_IMPORT_MACHINE"
    SERVICES_URL = "AVAL_SERVICES_URL"
    CONTRACT_BUS = "AVAL_CONTRACT_BUS"
    CCEE_URL = "AVAL_CCEE_URL"
    CCEE_SECRET = "AVAL_CCEE_SECRET"
    CONFIDENTIAL_TABLE = "AVAL_CONFIDENTIAL_TABLE"
    CONFIDENTIAL_BUCKET = "AVAL_CONFIDENTIAL_BUCKET"
    CONFIDENTIAL_KEY_ARN = "AVAL_CONFIDENTIAL_KEY_ARN"
    TASK_QUEUE_URL = "AVAL_TASK_QUEUE_URL"
    KEY_QUEUE_URL = "AVAL_KEY_QUEUE_URL"
    TASK_MACHINE = "AVAL_TASK_MACHINE"
    PRUDENTIAL_BUCKET = "AVAL_PRUDENTIAL_BUCKET"
    LOTE_MACHINE = "AVAL_LOTE_MACHINE"
    FACTOR_BANDS = "AVAL_FACTOR_BANDS"
    ALARM_TOPIC = "AVAL_ALARM_TOPIC"
    MEASUREMENTS_KEY = "AVAL_MEASUREMENTS_KEY"
    TRUSTSTORE_FOLDER = "AVAL_TRUSTSTORE"
    PASSWORD = "AVAL_SENHA"
    """The `aval` command's alone: a function finds its password in a secret."""
    PERSONAL_TOKEN = "AVAL_TOKEN"
    """The `aval` command's alone: the token of whoever is logged in."""
    MEASUREMENTS_SIGNER = "AVAL_CHAVE_MEDIDAS"
    """The `aval` command's alone: where the public key of the log of measurements lies (PEM)."""


class CnpjComparison(StrEnum):
    """How much of a certificate's CNPJ must be the company's: its root, or all fourteen characters."""

    ROOT = "RAIZ"
    FULL = "COMPLETO"


class BusChoice(StrEnum):
    """Who answers for contracts: our own tables, or another bus of CCEE's kind."""

    NATIVE = "NATIVO"
    CCEE = "CCEE"


BY_EXPIRY_INDEX = "by_expiry"
BY_SELLER_INDEX = "by_seller"
BY_BUYER_INDEX = "by_buyer"
OPEN_IMPORTS_INDEX = "open_imports"
OPEN_TASKS_INDEX = "open_tasks"

TASK_HEARTBEAT_SECONDS = 10
"""How often the enclave's host says that it is still at a task, to the queue and to the state machine."""
TASK_VISIBILITY_SECONDS = 3 * TASK_HEARTBEAT_SECONDS
"""After so much silence a task is another host's."""


class SettingMissing(Exception):
    """The template did not give this function a variable that it reads."""


@dataclass(frozen=True, slots=True)
class Settings:
    values: Mapping[Variable, str] = field(repr=False)

    @classmethod
    def from_env(cls) -> Self:
        """Our own variables alone: beside them the platform keeps this function's credentials."""
        return cls({variable: os.environ[variable] for variable in Variable if variable in os.environ})

    def __getitem__(self, variable: Variable) -> str:
        value = self.values.get(variable)
        if not value:
            raise SettingMissing(variable)
        return value

    def optional(self, variable: Variable) -> str:
        return self.values.get(variable, "")

    def truststore_folder(self) -> Path:
        """Where the `aval` command keeps its truststore: named, or in the user's data folder (XDG)."""
        return Path(
            self.optional(Variable.TRUSTSTORE_FOLDER) or "~/.local/share/aval/truststore"
        ).expanduser()
