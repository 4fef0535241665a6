from tests.infrastructure.assembly import Assembly, Resource

TYPES = ("AWS::EC2::", "AWS::ElasticLoadBalancingV2::")


def made(assembly: Assembly) -> list[Resource]:
    return [one for one in assembly.resources() if one.stack == "aval-api" and one.type.startswith(TYPES)]


def test_nothing_of_the_balancer_is_made_without_a_certificate(assembly: Assembly) -> None:
    assert len(made(assembly)) >= 10
    assert {one.raw.get("Condition") for one in made(assembly)} == {"WsdlCertificateGiven"}
    [permission] = [
        one
        for one in assembly.resources("AWS::Lambda::Permission")
        if one.properties["Principal"] == "elasticloadbalancing.amazonaws.com"
    ]
    assert permission.raw["Condition"] == "WsdlCertificateGiven"


def test_only_the_balancers_own_group_may_call_the_function(assembly: Assembly) -> None:
    [permission] = [
        one
        for one in assembly.resources("AWS::Lambda::Permission")
        if one.properties["Principal"] == "elasticloadbalancing.amazonaws.com"
    ]
    target = assembly.the("AWS::ElasticLoadBalancingV2::TargetGroup")
    assert target.properties["TargetType"] == "lambda"
    assert f":targetgroup/{target.properties['Name']}/*" in str(permission.properties["SourceArn"])


def test_one_port_is_open_with_tls_and_leads_out_nowhere(assembly: Assembly) -> None:
    [group] = [one.properties for one in made(assembly) if one.type == "AWS::EC2::SecurityGroup"]
    [way_in], [way_out] = group["SecurityGroupIngress"], group["SecurityGroupEgress"]
    [network] = [one.properties["CidrBlock"] for one in made(assembly) if one.type == "AWS::EC2::VPC"]
    assert (way_in["FromPort"], way_in["ToPort"], way_in["CidrIp"]) == (442, 442, "0.0.0.0/0")
    assert way_out["CidrIp"] == network
    listener = assembly.the("AWS::ElasticLoadBalancingV2::Listener").properties
    assert (listener["Port"], listener["Protocol"]) == (442, "HTTPS")
    assert listener["SslPolicy"] == "ELBSecurityPolicy-TLS13-1-2-2021-06"


def test_only_reading_under_ws_reaches_the_function(assembly: Assembly) -> None:
    listener = assembly.the("AWS::ElasticLoadBalancingV2::Listener").properties
    rule = assembly.the("AWS::ElasticLoadBalancingV2::ListenerRule").properties
    assert [action["Type"] for action in listener["DefaultActions"]] == ["fixed-response"]
    assert {one["Field"] for one in rule["Conditions"]} == {"http-request-method", "path-pattern"}
    assert [action["Type"] for action in rule["Actions"]] == ["forward"]


def test_headers_that_are_none_are_dropped(assembly: Assembly) -> None:
    balancer = assembly.the("AWS::ElasticLoadBalancingV2::LoadBalancer").properties
    told = {one["Key"]: one["Value"] for one in balancer["LoadBalancerAttributes"]}
    assert told["routing.http.drop_invalid_header_fields.enabled"] == "true"
    assert told["routing.http.desync_mitigation_mode"] == "strictest"
