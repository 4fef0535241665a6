"""The root of every JSON message: English in code, Portuguese on the wire, nothing unknown taken."""

from pydantic import BaseModel, ConfigDict


class Message(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True, hide_input_in_errors=True)


class Request(Message):
    """What is sent to us: under the names that are documented, and no others."""

    model_config = ConfigDict(populate_by_name=False)
