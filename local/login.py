"""Log a demo person in and print the token: `python3 -m local.login EMAIL`. Standard library alone."""

import argparse
import json
import sys
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

from local.places import DEFAULT_STATE, NotRunning, Places


class LoginRefused(Exception):
    """The user pool did not take this login."""


def access_token(running: dict[str, Any], email: str, password: str) -> str:
    """Return an access token as the page would get it, by Cognito's own call. Raises `LoginRefused`."""
    request = urllib.request.Request(
        running["emulator_url"],
        data=json.dumps(
            {
                "AuthFlow": "USER_PASSWORD_AUTH",
                "ClientId": running["outputs"]["UserPoolClientId"],
                "AuthParameters": {"USERNAME": email, "PASSWORD": password},
            }
        ).encode(),
        headers={
            "content-type": "application/x-amz-json-1.1",
            "x-amz-target": "AWSCognitoIdentityProviderService.InitiateAuth",
            "authorization": _named_region(running["outputs"]["UserPoolId"]),
        },
    )
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            token: str = json.load(answer)["AuthenticationResult"]["AccessToken"]
            return token
    except urllib.error.HTTPError as error:
        raise LoginRefused(error.read().decode()) from error


def _named_region(pool_id: str) -> str:
    """The call is public and unsigned; the emulator reads from this header in which region the pool lies."""
    region = pool_id.partition("_")[0]
    return f"AWS4-HMAC-SHA256 Credential=000000000000/20260101/{region}/cognito-idp/aws4_request"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python3 -m local.login", description=__doc__)
    parser.add_argument("email")
    parser.add_argument("--state", type=Path, default=DEFAULT_STATE, help="folder of the stack's data")
    given = parser.parse_args()
    places = Places(given.state.resolve())
    try:
        running = places.running()
    except NotRunning as absent:
        print(absent, file=sys.stderr)
        return 1
    people = json.loads(places.secrets.read_text())["people"]
    if given.email not in people:
        print(f"Nobody of that e-mail; there are {', '.join(people)}.", file=sys.stderr)
        return 1
    try:
        print(access_token(running, given.email, people[given.email]))
    except LoginRefused as refused:
        print(f"Cognito refused the login: {refused}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
