#!/usr/bin/env python3
"""An echo agent for Partyline, with nothing but the Python 3 standard library.

It says back whatever people text to it. Run it beside the server:

    export PARTYLINE_API_KEY=ApiKey_...        # a key that is scoped to one identity, see README.md
    python3 echo.py

    PARTYLINE_URL   where the server is        default http://127.0.0.1:8080
    ECHO_PORT       where this agent listens   default 9000, on this machine only

How it works, top to bottom: ask who we are, get a signing key, subscribe a webhook, then answer each text that arrives.
"""

import hashlib
import hmac
import json
import os
import sys
import threading
import time
import urllib.error
import urllib.request
from collections import OrderedDict
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import quote, urlencode

SERVER = os.environ.get("PARTYLINE_URL", "http://127.0.0.1:8080").rstrip("/")
API_KEY = os.environ.get("PARTYLINE_API_KEY", "")
PORT = int(os.environ.get("ECHO_PORT", "9000"))
WEBHOOK_URL = f"http://127.0.0.1:{PORT}/"
MAX_SKEW_SECONDS = 300
MAX_BODY_BYTES = 1_000_000


def call(method, path, body=None):
    """One request to the server's API; the answer's JSON."""
    request = urllib.request.Request(
        SERVER + "/api/v1" + path,
        method=method,
        data=None if body is None else json.dumps(body).encode(),
        headers={"X-API-Key": API_KEY, "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=15) as response:
        return json.load(response)


def set_up():
    """Finds our identity, makes a fresh signing key, and sees to it that our webhook is subscribed."""
    identities = call("GET", "/identities/")
    if len(identities) != 1:
        sys.exit("PARTYLINE_API_KEY must be scoped to one identity; README.md shows how to make such a key.")
    handle, identity_id = identities[0]["agent_handle"], identities[0]["id"]
    signing_key = call("POST", f"/identities/{quote(handle)}/signing-key", {})["signing_key"]
    ours = {"agent_identity_id": identity_id, "url": WEBHOOK_URL}
    if not call("GET", "/webhooks/subscriptions?" + urlencode(ours))["subscriptions"]:
        call("POST", "/webhooks/subscriptions", {**ours, "event_types": ["imessage.received"]})
    return handle, signing_key


class Webhook(BaseHTTPRequestHandler):
    """What the server posts to. It answers at once and replies to the person afterwards."""

    signing_key = ""
    seen = OrderedDict()  # ids of the newest events: a delivery may be repeated, an answer may not
    seen_lock = threading.Lock()

    def do_POST(self):
        length = int(self.headers.get("Content-Length", 0))
        body = self.rfile.read(length) if length <= MAX_BODY_BYTES else b""
        genuine = self.is_genuine(body)
        self.send_response(200 if genuine else 401)
        self.send_header("Content-Length", "0")
        self.end_headers()
        if genuine:
            event = json.loads(body)
            if self.is_new(event["id"]) and event["event_type"] == "imessage.received":
                reply(event["data"]["message"])

    def is_genuine(self, body):
        request_id = self.headers.get("X-Inkbox-Request-ID", "")
        timestamp = self.headers.get("X-Inkbox-Timestamp", "")
        if not timestamp.isdecimal() or abs(time.time() - int(timestamp)) > MAX_SKEW_SECONDS:
            return False
        key = self.signing_key.removeprefix("whsec_").encode()
        digest = hmac.new(key, f"{request_id}.{timestamp}.".encode() + body, hashlib.sha256).hexdigest()
        signature = self.headers.get("X-Inkbox-Signature", "")
        return hmac.compare_digest(f"sha256={digest}".encode(), signature.encode())

    def is_new(self, event_id):
        with self.seen_lock:
            if event_id in self.seen:
                return False
            self.seen[event_id] = True
            if len(self.seen) > 1000:
                self.seen.popitem(last=False)
            return True

    def log_message(self, *args):
        """Quiet: a line for each request would drown the conversation."""


def reply(message):
    said = message["content"]
    text = "I got your file." if said is None else f"You said: {said}"
    try:
        call("POST", "/imessage/messages", {"conversation_id": message["conversation_id"], "text": text})
        print(f"replied to {message['remote_number']}", flush=True)
    except OSError as error:
        print(f"no reply to {message['remote_number']}: {explain(error)}", file=sys.stderr)


def explain(error):
    if not isinstance(error, urllib.error.HTTPError):
        return f"{SERVER} does not answer ({getattr(error, 'reason', error)}). Is the server running?"
    if error.code == 401:
        return "The server does not know this key. Is PARTYLINE_API_KEY right?"
    return f"The server answered {error.code}: {error.read().decode(errors='replace')}"


def main():
    try:
        # Listen first: an event that waits for us is posted as soon as the subscription is there.
        server = ThreadingHTTPServer(("127.0.0.1", PORT), Webhook)
    except OSError as error:
        sys.exit(f"Cannot listen on port {PORT}: {error.strerror}. Set ECHO_PORT to another one.")
    try:
        handle, Webhook.signing_key = set_up()
        print(f'@{handle} listens on {WEBHOOK_URL}. Text "connect @{handle}" to Partyline. Ctrl-C stops.', flush=True)
        server.serve_forever()
    except OSError as error:
        sys.exit(explain(error))
    except KeyboardInterrupt:
        print("\nBye.")


if __name__ == "__main__":
    main()
