"""The emulator's Lambda service handed to our pool of workers."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ministack.services import lambda_svc

from local.emulator.lambda_pool import Deployed, Pool, Unpacked
from local.emulator.upstream import replace

Record = dict[str, Any]


def install(*, pool_size: int, unpacked: Path, logs: Path, on_call: Callable[[], None]) -> None:
    pool, archives = Pool(pool_size, logs), Unpacked(unpacked)
    archives.forget_unused()

    def execute(function: Record, event: object, request_id: str) -> Record:
        on_call()
        config = function.get("config") or function
        deployed = _deployed(function, config, archives)
        trace_id = lambda_svc._xray_trace_id_for_invocation(config) or ""
        return pool.invoke(deployed, event, request_id, float(config.get("Timeout", 3)), trace_id)

    replace(
        lambda_svc,
        "_execute_function_warm",
        still_has="worker, reason = acquire_worker(func_name, config, code_zip, qualifier=qualifier)",
        by=lambda _original: execute,
    )


def _deployed(function: Record, config: Record, archives: Unpacked) -> Deployed:
    layers = [lambda_svc._resolve_layer_zip(attached) for attached in config.get("Layers") or ()]
    code = archives.path(function["code_zip"])
    return Deployed(
        arn=config["FunctionArn"],
        handler=config["Handler"],
        code=code,
        layers=tuple(archives.path(layer) for layer in layers if layer),
        environment=tuple(sorted(_environment(config, code).items())),
    )


def _environment(config: Record, code: Path) -> dict[str, str]:
    """Return the variables that AWS documents for a Lambda runtime, and no other of this machine's."""
    name, version = config["FunctionName"], str(config.get("Version", "$LATEST"))
    region = config["FunctionArn"].split(":")[3]
    return {
        "PATH": os.defpath,
        "LANG": "en_US.UTF-8",
        "TZ": ":UTC",
        "_HANDLER": config["Handler"],
        "LAMBDA_TASK_ROOT": str(code),
        "AWS_EXECUTION_ENV": f"AWS_Lambda_{config.get('Runtime', 'python3.11')}",
        "AWS_REGION": region,
        "AWS_DEFAULT_REGION": region,
        "AWS_LAMBDA_FUNCTION_NAME": name,
        "AWS_LAMBDA_FUNCTION_VERSION": version,
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(config.get("MemorySize", 128)),
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "AWS_LAMBDA_LOG_GROUP_NAME": (config.get("LoggingConfig") or {}).get("LogGroup")
        or f"/aws/lambda/{name}",
        "AWS_LAMBDA_LOG_STREAM_NAME": f"local/[{version}]",
        # Where the SDK finds the emulator: in AWS there is no such variable and it finds AWS.
        "AWS_ENDPOINT_URL": os.environ["AWS_ENDPOINT_URL"],
        **lambda_svc.execution_credentials(config),
        **{key: str(value) for key, value in lambda_svc._runtime_env_vars(config).items()},
    }
