"""Mails that the emulator's SES has taken, newest first: a page for people, JSON for tests."""

import html
import json
import os
import urllib.request
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aval.moments import for_people
from local.aws import ACCOUNT
from local.ports import HOST
from local.processes import stop_with_parent

PAGE = """<!doctype html>
<html lang="pt-BR"><meta charset="utf-8"><title>Correio local do Aval</title>
<style>
body {{ font: 1rem/1.5 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem }}
article {{ border: 1px solid #bbb; border-radius: .4rem; padding: 1rem; margin: 1rem 0 }}
h2 {{ font-size: 1.1rem; margin: 0 }} p {{ color: #555; margin: 0 }}
pre {{ white-space: pre-wrap; font: inherit }}
</style>
<h1>Correio local</h1>
<p>O que o Aval enviou nesta máquina, do mais novo ao mais antigo.
Também em <a href="/mensagens.json">JSON</a>.</p>
{mails}
</html>
"""
MAIL = "<article><h2>{subject}</h2><p>{moment} · para {to}</p><pre>{body}</pre></article>"


def sent(emulator_url: str) -> list[dict[str, Any]]:
    with urllib.request.urlopen(f"{emulator_url}/_ministack/ses/messages", timeout=5) as answer:
        mails = json.load(answer)["messages"].get(ACCOUNT, [])
    newest_first: list[dict[str, Any]] = sorted(
        mails, key=lambda mail: float(mail["Timestamp"]), reverse=True
    )
    return newest_first


def page(mails: list[dict[str, Any]]) -> str:
    shown = "".join(
        MAIL.format(
            subject=html.escape(mail["Subject"]),
            moment=for_people(datetime.fromtimestamp(mail["Timestamp"], UTC)),
            to=html.escape(", ".join(mail["To"])),
            body=html.escape(mail["BodyText"] or mail["BodyHtml"] or ""),
        )
        for mail in mails
    )
    return PAGE.format(mails=shown or "<p>Nenhuma mensagem ainda.</p>")


class Mailbox(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path not in ("/", "/mensagens.json"):
            self.send_error(404)
            return
        try:
            mails = sent(os.environ["AWS_ENDPOINT_URL"])
        except OSError:
            self.send_error(503)
            return
        if self.path == "/":
            self._answer("text/html; charset=utf-8", page(mails))
        else:
            self._answer("application/json", json.dumps(mails, ensure_ascii=False, indent=2))

    def _answer(self, media_type: str, text: str) -> None:
        body = text.encode()
        self.send_response(200)
        self.send_header("content-type", media_type)
        self.send_header("content-length", str(len(body)))
        # A mail's text is somebody else's: nothing in it may run or load here.
        self.send_header("content-security-policy", "default-src 'none'; style-src 'unsafe-inline'")
        self.end_headers()
        self.wfile.write(body)


if __name__ == "__main__":
    stop_with_parent()
    ThreadingHTTPServer((HOST, int(os.environ["AVAL_MAILBOX_PORT"])), Mailbox).serve_forever()
