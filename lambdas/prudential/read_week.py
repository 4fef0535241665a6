"""One week: its parameters, those in force or an earlier version."""

from functools import cache

from aval.adapters import week_readings
from aval.edge import http
from aval.edge.prudential import week_requests as asked
from aval.edge.prudential.fields import EventInPath
from aval.edge.prudential.week_messages import WeekTold
from aval.identifiers import EventCode
from aval.moments import utc_now
from aval.prudential.week_reading import WeekReading
from aval.settings import Settings

app = http.api()


@cache
def _reading() -> WeekReading:
    return week_readings.week_reading(Settings.from_env())


@app.get(asked.WEEK, summary="Uma semana e seus parâmetros", tags=asked.TAGS)
def read_week(week: EventInPath, version: asked.VersionAsked = None) -> WeekTold:
    return WeekTold.of_week(_reading().week(EventCode.parse(week), version, at=utc_now()))


handler = http.entrypoint(app)
