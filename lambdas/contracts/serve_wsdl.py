"""The services' WSDLs and schemas, to anybody: through the balancer on port 442 and the systems' door."""

from aval.edge.soap.description_door import entrypoint
from aval.settings import Settings, Variable

handler = entrypoint(lambda: Settings.from_env()[Variable.SERVICES_URL])
