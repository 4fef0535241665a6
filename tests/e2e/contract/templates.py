"""The contract stack's templates, as CloudFormation gets them."""

import json
from typing import Any

CODE_BUCKET = "contract-code"
CODE_KEY = "functions.zip"
LAYER_KEY = "layer.zip"

_ASSUMED_BY_SERVICES = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {
                "Service": ["lambda.amazonaws.com", "states.amazonaws.com", "events.amazonaws.com"]
            },
            "Action": "sts:AssumeRole",
        }
    ],
}


def _resource(kind: str, **properties: Any) -> dict[str, Any]:
    return {"Type": f"AWS::{kind}", "Properties": properties}


def _attribute(name: str, attribute: str = "Arn") -> dict[str, Any]:
    return {"Fn::GetAtt": [name, attribute]}


def _ref(name: str) -> dict[str, str]:
    return {"Ref": name}


def _exported(name: str, value: Any) -> dict[str, Any]:
    return {"Value": value, "Export": {"Name": name}}


def foundation() -> str:
    """Return a stack of what lasts, which exports what the other imports."""
    insecure = {
        "Effect": "Deny",
        "Principal": {"AWS": "*"},
        "Action": "s3:*",
        "Resource": [_attribute("Files"), {"Fn::Join": ["", [_attribute("Files"), "/*"]]}],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    key_policy = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"AWS": {"Fn::Sub": "arn:aws:iam::${AWS::AccountId}:root"}},
                "Action": "kms:*",
                "Resource": "*",
            }
        ],
    }
    resources = {
        "Files": _resource(
            "S3::Bucket",
            NotificationConfiguration={"EventBridgeConfiguration": {"EventBridgeEnabled": True}},
        ),
        "FilesPolicy": _resource(
            "S3::BucketPolicy",
            Bucket=_ref("Files"),
            PolicyDocument={"Version": "2012-10-17", "Statement": [insecure]},
        ),
        "Table": _resource(
            "DynamoDB::Table",
            AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
            KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
            BillingMode="PAY_PER_REQUEST",
            StreamSpecification={"StreamViewType": "NEW_IMAGE"},
            TimeToLiveSpecification={"AttributeName": "ttl", "Enabled": True},
            PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True},
        ),
        "Secret": _resource("KMS::Key", KeyPolicy=key_policy),
        "Mac": _resource(
            "KMS::Key", KeyPolicy=key_policy, KeySpec="HMAC_256", KeyUsage="GENERATE_VERIFY_MAC"
        ),
        "Signing": _resource(
            "KMS::Key", KeyPolicy=key_policy, KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY"
        ),
        "Bus": _resource("Events::EventBus", Name="contract"),
        "Heard": _resource("SQS::Queue"),
        "Sender": _resource("SES::EmailIdentity", EmailIdentity="contract@aval.example"),
        "Stored": _resource(
            "Events::Rule",
            EventPattern={
                "source": ["aws.s3"],
                "detail-type": ["Object Created"],
                "detail": {"bucket": {"name": [_ref("Files")]}, "object": {"key": [{"prefix": "in/"}]}},
            },
            Targets=[{"Id": "heard", "Arn": _attribute("Heard")}],
        ),
        "Told": _resource(
            "Events::Rule",
            EventBusName=_ref("Bus"),
            EventPattern={"source": ["contract"], "detail": {"kind": ["wanted"]}},
            Targets=[{"Id": "heard", "Arn": _attribute("Heard")}],
        ),
    }
    outputs = {name: _exported(f"contract-{name}", _ref(name)) for name in ("Files", "Table")}
    outputs["Stream"] = _exported("contract-Stream", _attribute("Table", "StreamArn"))
    outputs |= {name: {"Value": _ref(name)} for name in ("Secret", "Mac", "Signing", "Heard")}
    return json.dumps({"Resources": resources, "Outputs": outputs})


def doors() -> str:
    """Return a stack of functions and two HTTP APIs, which takes a parameter."""
    imported = {"Fn::ImportValue": "contract-Files"}
    allowed = {
        "Effect": "Allow",
        "Action": "s3:GetObject",
        "Resource": {"Fn::Join": ["", ["arn:aws:s3:::", imported, "/open/*"]]},
    }
    resources = {
        "Role": _resource(
            "IAM::Role",
            AssumeRolePolicyDocument=_ASSUMED_BY_SERVICES,
            Policies=[
                {"PolicyName": "p", "PolicyDocument": {"Version": "2012-10-17", "Statement": [allowed]}}
            ],
        ),
        "Layer": _resource(
            "Lambda::LayerVersion",
            Content={"S3Bucket": CODE_BUCKET, "S3Key": LAYER_KEY},
            CompatibleRuntimes=["python3.11"],
        ),
        "Answer": _function("functions.answer", seconds=2),
        "Authorize": _function("functions.authorize", seconds=5),
        "Follow": _function("functions.follow", seconds=5),
        **_woken(imported),
        **_api("People"),
        **_api("Systems"),
    }
    outputs = {
        name: {"Value": _ref(name)} for name in ("Answer", "PeopleApi", "SystemsApi", "Run", "Followed")
    }
    outputs["RoleArn"] = {"Value": _attribute("Role")}
    parameters = {"Word": {"Type": "String"}}
    return json.dumps({"Parameters": parameters, "Resources": resources, "Outputs": outputs})


def _woken(bucket: dict[str, str]) -> dict[str, Any]:
    """A function woken by a table's stream, and a machine by an object, which is given the object's key."""
    image = {"dynamodb": {"NewImage": {"kind": {"S": [{"prefix": "want"}]}}}}
    definition = {"StartAt": "Told", "States": {"Told": {"Type": "Succeed"}}}
    return {
        "Followed": _resource(
            "Lambda::EventSourceMapping",
            EventSourceArn={"Fn::ImportValue": "contract-Stream"},
            FunctionName=_ref("Follow"),
            StartingPosition="TRIM_HORIZON",
            FilterCriteria={"Filters": [{"Pattern": json.dumps(image)}]},
        ),
        "Run": _resource(
            "StepFunctions::StateMachine",
            DefinitionString=json.dumps({**definition, "Comment": "${Word}"}),
            DefinitionSubstitutions={"Word": _ref("Word")},
            RoleArn=_attribute("Role"),
        ),
        "Arrived": _resource(
            "Events::Rule",
            EventPattern={
                "source": ["aws.s3"],
                "detail-type": ["Object Created"],
                "detail": {"bucket": {"name": [bucket]}, "object": {"key": [{"prefix": "run/"}]}},
            },
            Targets=[
                {
                    "Id": "run",
                    "Arn": _ref("Run"),
                    "RoleArn": _attribute("Role"),
                    "InputTransformer": {
                        "InputPathsMap": {"key": "$.detail.object.key"},
                        "InputTemplate": '{"key":<key>}',
                    },
                }
            ],
        ),
    }


def _function(handler: str, *, seconds: int) -> dict[str, Any]:
    return _resource(
        "Lambda::Function",
        Runtime="python3.11",
        Architectures=["arm64"],
        Handler=handler,
        Role=_attribute("Role"),
        Timeout=seconds,
        MemorySize=256,
        Code={"S3Bucket": CODE_BUCKET, "S3Key": CODE_KEY},
        Layers=[_ref("Layer")],
        Environment={"Variables": {"WORD": _ref("Word"), "TABLE": {"Fn::ImportValue": "contract-Table"}}},
    )


def _api(name: str) -> dict[str, Any]:
    api = f"{name}Api"
    allowed = {"AllowOrigins": ["https://page.example"], "AllowMethods": ["GET"], "ExposeHeaders": ["etag"]}
    cors = {"CorsConfiguration": allowed} if name == "People" else {}
    invoked = (
        "arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Authorize.Arn}/invocations"
    )
    integration = {"Fn::Join": ["/", ["integrations", _ref(f"{name}Integration")]]}
    routes: dict[str, dict[str, Any]] = {
        f"{name}Open": {"RouteKey": "ANY /do/{proxy+}"},
        f"{name}Guarded": {
            "RouteKey": "GET /guarded/{proxy+}",
            "AuthorizationType": "CUSTOM",
            "AuthorizerId": _ref(f"{name}Authorizer"),
        },
    }
    return {
        api: _resource("ApiGatewayV2::Api", Name=name, ProtocolType="HTTP", **cors),
        f"{name}Stage": _resource(
            "ApiGatewayV2::Stage", ApiId=_ref(api), StageName="$default", AutoDeploy=True
        ),
        f"{name}Integration": _resource(
            "ApiGatewayV2::Integration",
            ApiId=_ref(api),
            IntegrationType="AWS_PROXY",
            IntegrationUri=_attribute("Answer"),
            PayloadFormatVersion="2.0",
        ),
        f"{name}Authorizer": _resource(
            "ApiGatewayV2::Authorizer",
            ApiId=_ref(api),
            Name=name,
            AuthorizerType="REQUEST",
            AuthorizerPayloadFormatVersion="2.0",
            EnableSimpleResponses=True,
            AuthorizerResultTtlInSeconds=0,
            AuthorizerUri={"Fn::Sub": invoked},
            IdentitySource=["$request.header.Authorization"],
        ),
        **{
            logical_id: _resource("ApiGatewayV2::Route", ApiId=_ref(api), Target=integration, **route)
            for logical_id, route in routes.items()
        },
    }
