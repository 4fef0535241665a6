import json

from local.edge import limits
from local.edge.upstream import end_to_end


def test_the_refusal_of_a_large_body_is_a_problem_with_the_gateways_own_member() -> None:
    document = json.loads(limits.BODY_TOO_LARGE.body)
    assert limits.BODY_TOO_LARGE.media_type == "application/problem+json"
    assert (document["status"], document["message"]) == (413, "Request Entity Too Large")


def test_headers_of_one_connection_are_not_passed_on() -> None:
    headers = [
        (b"Connection", b"close, X-Once"),
        (b"x-once", b"1"),
        (b"Transfer-Encoding", b"chunked"),
        (b"content-length", b"3"),
        (b"Expect", b"100-continue"),
        (b"accept", b"*/*"),
        (b"accept", b"text/html"),
    ]
    assert end_to_end(headers) == [(b"accept", b"*/*"), (b"accept", b"text/html")]
