"""The root that hardware attests under, and the label of everything that stands under another."""

from typing import Final

from aval.identifiers import Fingerprint

AWS_ROOT: Final = Fingerprint("641a0321a3e244efe456463195d606317ed7cdcc3c1756e09893f3c68f79bb5b")
"""`CN=aws.nitro-enclaves`, as AWS publishes it for Nitro Enclaves."""

NAO_ATESTADO_POR_HARDWARE: Final = "NAO_ATESTADO_POR_HARDWARE"
LABEL_FOR_PEOPLE: Final = "NÃO ATESTADO POR HARDWARE"


def is_hardware(root: Fingerprint) -> bool:
    return root == AWS_ROOT
