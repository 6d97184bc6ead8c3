"""A function of Direktiv: it is sent its input by POST and answers with its result, both JSON."""

import json
import os
import sys
import urllib.parse
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class FunctionError(Exception):
    """What the workflow can catch by its code."""

    def __init__(self, code, message):
        super().__init__(message)
        self.code = code


def call(data, log):
    """The work. `log` writes a line to the instance's log."""
    name = data.get("name") if isinstance(data, dict) else None
    if not name:
        raise FunctionError("greet.noName", "the input has no name")
    log("greeting " + name)
    return {"greeting": f"Hello, {name}!"}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        try:
            result = call(json.loads(body or b"null"), self.log_line)
            self.answer(200, {"Content-Type": "application/json"}, json.dumps(result).encode())
        except FunctionError as error:
            self.fail(error.code, str(error))
        except Exception as error:
            self.fail("greet.failed", f"{type(error).__name__}: {error}")

    def do_DELETE(self):
        """The action was cancelled; this function is too quick to care."""
        self.answer(200, {}, b"")

    def fail(self, code, message):
        one_line = " ".join(message.split())
        headers = {"Direktiv-ErrorCode": code, "Direktiv-ErrorMessage": one_line}
        self.answer(500, headers, b"")

    def answer(self, status, headers, body):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_line(self, text):
        action = urllib.parse.quote(self.headers.get("Direktiv-ActionID", ""), safe="")
        try:
            url = "http://127.0.0.1:8889/log?aid=" + action
            urllib.request.urlopen(url, text.encode(), timeout=2).close()
        except OSError:
            print(text, file=sys.stderr, flush=True)

    def log_message(self, *_):
        """Requests are not worth a line each."""


if __name__ == "__main__":
    port = int(os.environ.get("PORT", "8080"))
    ThreadingHTTPServer(("", port), Handler).serve_forever()
