"""One page that shows whether the platform is well."""

from collections.abc import Sequence

from aws_cdk import aws_cloudwatch as cloudwatch
from constructs import Construct

HALF_OF_THE_PAGE = 12


class OverviewDashboard(Construct):
    def __init__(self, scope: Construct, construct_id: str) -> None:
        super().__init__(scope, construct_id)
        self._dashboard = cloudwatch.Dashboard(self, "Dashboard", dashboard_name="aval")

    def show(self, title: str, metrics: Sequence[cloudwatch.IMetric]) -> None:
        self._dashboard.add_widgets(
            cloudwatch.GraphWidget(title=title, left=list(metrics), width=HALF_OF_THE_PAGE)
        )
