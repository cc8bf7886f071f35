#!/usr/bin/env python3
"""A line for Partyline that a terminal speaks for, with nothing but the Python 3 standard library.

You are the person with the phone: what you type is texted to a line, what agents say is printed. It is all that
a line with `driver: webhook` asks of a program, in one file; put your own service in place of the terminal.

    export LINE_SECRET=...           # the same as `secret` in the line's configuration
    python3 line.py

    LINE_PORT     where the server calls    default 9100, on this machine only
    LINE_PERSON   your number               default +12025550140

Then type the number of a line and a text, such as: +12025550100 connect @my-echo
"""

import base64
import hashlib
import hmac
import json
import os
import sys
import threading
import time
import urllib.error
import urllib.request
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

SECRET = os.environ.get("LINE_SECRET", "").encode()
PORT = int(os.environ.get("LINE_PORT", "9100"))
PERSON = os.environ.get("LINE_PERSON", "+12025550140")
MAX_SKEW_SECONDS = 300

events_urls = {}  # where a line takes its events, by its number
shown = {}  # what was shown already, by the id of the send; a real line keeps this on disk
shown_lock = threading.Lock()


def sign(request_id, timestamp, body):
    digest = hmac.new(SECRET, f"{request_id}.{timestamp}.".encode() + body, hashlib.sha256).digest()
    return "v1," + base64.b64encode(digest).decode()


def tell(number, event):
    """Posts an event to the server; when this returns it is on disk there, or will never be taken."""
    body, request_id, now = json.dumps(event).encode(), f"evt_{uuid.uuid4()}", str(int(time.time()))
    headers = {"webhook-id": request_id, "webhook-timestamp": now, "webhook-signature": sign(request_id, now, body)}
    request = urllib.request.Request(events_urls[number], body, headers)
    try:
        urllib.request.urlopen(request, timeout=15).close()
    except urllib.error.HTTPError as refused:  # a real line sends it again after 5xx and 429, and after no answer
        print(f"The server does not take it: {refused.read().decode()}", flush=True)
    except OSError as gone:
        print(f"The server is not there: {gone}", flush=True)


def take(call):
    """Does what the server asks; the status and the JSON of the answer."""
    if call["type"] == "hello":
        events_urls[call["number"]] = call["events_url"]
        return 200, {"capabilities": []}  # of: media, effects, tapbacks, typing, read, contact_cards, sent_receipts
    if call["type"] == "outcome":
        return (200, {"id": shown[call["id"]]}) if call["id"] in shown else (404, {})
    if call["type"] != "text":
        return 400, {"code": "unknown_type", "message": "this line does not do " + call["type"]}
    with shown_lock:
        if call["id"] not in shown:  # the same send may come twice, and is shown once
            shown[call["id"]] = str(uuid.uuid4())
            print(f"{call['number']}: {call['text']}", flush=True)
    delivered = {"type": "receipt", "id": shown[call["id"]], "status": "delivered"}
    threading.Thread(target=tell, args=(call["number"], delivered)).start()
    return 200, {"id": shown[call["id"]], "service": "sms"}


class Calls(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        request_id, timestamp = self.headers.get("webhook-id", ""), self.headers.get("webhook-timestamp", "")
        fresh = timestamp.isdigit() and abs(time.time() - int(timestamp)) < MAX_SKEW_SECONDS
        offered = self.headers.get("webhook-signature", "")
        right = hmac.compare_digest(sign(request_id, timestamp, body), offered)
        status, answer = take(json.loads(body)) if fresh and right else (401, {"message": "wrong signature"})
        self.send_response(status)
        self.end_headers()
        self.wfile.write(json.dumps(answer).encode())

    def log_message(self, *_):
        pass


def main():
    if not SECRET:
        sys.exit("LINE_SECRET is missing: set it to the secret of the line's configuration.")
    server = ThreadingHTTPServer(("127.0.0.1", PORT), Calls)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(f"The line of {PERSON} listens on 127.0.0.1:{PORT}.", flush=True)
    for typed in sys.stdin:
        number, _, text = typed.strip().partition(" ")
        if number in events_urls and text:
            tell(number, {"type": "text", "id": str(uuid.uuid4()), "from": PERSON, "text": text, "service": "sms"})
        else:
            print("Type the number of a line and a text. Lines: " + ", ".join(sorted(events_urls)), flush=True)


if __name__ == "__main__":
    main()
