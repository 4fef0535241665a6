"""The eligible agents that the caller acts for in a week, and how far they are."""

from functools import cache

from aval.adapters import week_readings
from aval.edge import http
from aval.edge.caller import caller_of
from aval.edge.prudential import week_requests as asked
from aval.edge.prudential.agent_messages import AgentsTold
from aval.edge.prudential.fields import EventInPath
from aval.identifiers import EventCode
from aval.moments import utc_now
from aval.prudential.agent_listing import AgentListing, AgentsAsked
from aval.settings import Settings

app = http.api()


@cache
def _listing() -> AgentListing:
    return week_readings.agent_listing(Settings.from_env())


@app.get(asked.AGENTS, summary="Os agentes elegíveis de um remetente", tags=asked.TAGS)
def list_agents(
    week: EventInPath,
    sender: asked.SenderAsked = None,
    cursor: asked.Cursor = None,
    limit: asked.Limit = asked.PAGE,
) -> AgentsTold:
    caller, wanted = caller_of(app.current_event.raw_event), AgentsAsked(sender, cursor, limit)
    return AgentsTold.of(_listing().listed(caller, EventCode.parse(week), wanted, at=utc_now()))


handler = http.entrypoint(app)
