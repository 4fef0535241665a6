"""The weeks of the monitoring, the last one first."""

from functools import cache

from aval.adapters import week_readings
from aval.edge import http
from aval.edge.prudential import week_requests as asked
from aval.edge.prudential.week_messages import WeeksTold
from aval.moments import utc_now
from aval.prudential.week_reading import WeekReading
from aval.settings import Settings

app = http.api()


@cache
def _reading() -> WeekReading:
    return week_readings.week_reading(Settings.from_env())


@app.get(asked.WEEKS, summary="As semanas do monitoramento", tags=asked.TAGS)
def list_weeks() -> WeeksTold:
    return WeeksTold.of(_reading().listed(at=utc_now()))


handler = http.entrypoint(app)
