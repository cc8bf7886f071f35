#!/usr/bin/env python3
"""An echo agent with manners, on a webhook, with nothing but the Python 3 standard library.

It says back whatever people text to it. Like a good guest it shows that it has read, and that it types; it answers
thanks with a heart in place of words; and when it has to fall silent it says why. Run it beside the server:

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
import queue
import re
import sys
import threading
import time
import traceback
import urllib.error
import urllib.request
from collections import OrderedDict
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlencode

SERVER = os.environ.get("PARTYLINE_URL", "http://127.0.0.1:8080").rstrip("/")
API_KEY = os.environ.get("PARTYLINE_API_KEY", "")
PORT = int(os.environ.get("ECHO_PORT", "9000"))
WEBHOOK_URL = f"http://127.0.0.1:{PORT}/"
MAX_SKEW_SECONDS = 300
MAX_BODY_BYTES = 1_000_000
THANKS = re.compile(r"\b(thanks|thank you|thx|merci|danke|gracias)\b", re.IGNORECASE)
# What people are told once it can speak again, by the code of the error that silenced it.
SILENCED = {
    "conversation_paused": "I was quiet for a while: we went back and forth so fast that I might have been talking to a machine.",
    "sender_rate_limited": "I was quiet for a while: I had used up the messages that I may send in 24 hours.",
}
silenced = {}  # by conversation: the code
arrived = queue.Queue()  # texts in the order in which they came, which is that of the answers too


def call(method, path, body=None, **headers):
    """One request to the server's API; the answer's JSON and headers."""
    request = urllib.request.Request(
        SERVER + path,
        method=method,
        data=None if body is None else json.dumps(body).encode(),
        headers={"X-API-Key": API_KEY, "Content-Type": "application/json", **headers},
    )
    with urllib.request.urlopen(request, timeout=15) as response:
        return json.loads(response.read() or "null"), response.headers


def set_up():
    """Asks who we are, makes a fresh signing key, and sees to it that our webhook is subscribed."""
    agent = call("GET", "/api/whoami")[0]["agent_identity"]
    if agent is None:
        sys.exit("PARTYLINE_API_KEY must be scoped to one identity; README.md shows how to make such a key.")
    handle = agent["agent_handle"]
    signing_key = call("POST", f"/api/v1/identities/{handle}/signing-key", {})[0]["signing_key"]
    ours = {"agent_identity_id": agent["id"], "url": WEBHOOK_URL}
    if not call("GET", "/api/v1/webhooks/subscriptions?" + urlencode(ours))[0]["subscriptions"]:
        call("POST", "/api/v1/webhooks/subscriptions", {**ours, "event_types": ["imessage.received"]})
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
        if genuine:
            event = json.loads(body)
            if self.is_new(event["id"]) and event["event_type"] == "imessage.received":
                arrived.put(event)  # before our 200, upon which the server posts the next one
        self.send_response(200 if genuine else 401)
        self.send_header("Content-Length", "0")
        self.end_headers()

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


def answer_in_turn():
    """One after the other: who texts twice is answered in that order."""
    while True:
        try:
            answer(arrived.get())
        except Exception:  # a fault with one text is not the end of the others
            traceback.print_exc()


def answer(event):
    """Reads, types, and says it back, as a person would see a person do."""
    message = event["data"]["message"]
    here = {"conversation_id": message["conversation_id"]}
    said = message["content"]
    show("/mark-read", here)
    if THANKS.search(said or ""):
        show("/reactions", {"message_id": message["id"], "reaction": "love"})
        return
    show("/typing", here)
    words = "I got your file." if said is None else f"You said: {said}"
    was = silenced.pop(here["conversation_id"], None)
    try:
        text = f"{SILENCED[was]}\n{words}" if was else words
        call("POST", "/api/v1/imessage/messages", {**here, "text": text}, **{"Idempotency-Key": event["id"]})
        print(f"replied to {message['remote_number']}", flush=True)
    except OSError as error:
        code, why = explain(error)
        print(f"no reply to {message['remote_number']}: {why}", file=sys.stderr, flush=True)
        if code in SILENCED or was:
            silenced[here["conversation_id"]] = code if code in SILENCED else was
            show("/reactions", {"message_id": message["id"], "reaction": "eyes"})  # that it still looks


def show(path, body):
    """A courtesy, of which a phone is shown so many: the answer goes out without it too."""
    try:
        call("POST", "/api/v1/imessage" + path, body)
    except OSError as error:
        print(f"not shown: {path}: {explain(error)[1]}", file=sys.stderr, flush=True)


def explain(error):
    """The code of an error, and a sentence for who runs this agent."""
    if not isinstance(error, urllib.error.HTTPError):
        return None, f"{SERVER} does not answer ({getattr(error, 'reason', error)}). Is the server running?"
    if error.code == 401:
        return "unauthorized", "The server does not know this key. Is PARTYLINE_API_KEY right?"
    text = error.read().decode(errors="replace")
    try:
        detail = json.loads(text)["detail"]
        return detail["code"], f"The server answered {error.code}: {detail['message']}"
    except (ValueError, KeyError, TypeError):
        return None, f"The server answered {error.code}: {text}"


def main():
    if not API_KEY:
        sys.exit("Set PARTYLINE_API_KEY to the key of the agent; README.md shows how to make one.")
    try:
        # Listen first: an event that waits for us is posted as soon as the subscription is there.
        server = ThreadingHTTPServer(("127.0.0.1", PORT), Webhook)
    except OSError as error:
        sys.exit(f"Cannot listen on port {PORT}: {error.strerror}. Set ECHO_PORT to another one.")
    try:
        handle, Webhook.signing_key = set_up()
        threading.Thread(target=answer_in_turn, daemon=True).start()
        print(f'@{handle} listens on {WEBHOOK_URL}. Text "connect @{handle}" to Partyline. Ctrl-C stops.', flush=True)
        server.serve_forever()
    except OSError as error:
        sys.exit(explain(error)[1])
    except KeyboardInterrupt:
        print("\nBye.")


if __name__ == "__main__":
    main()
