#!/usr/bin/env python3
"""A line for Partyline that Signal carries: a bridge to signal-cli-rest-api, with nothing but the Python 3 standard library.

Each number that is registered there (MODE normal or native, which are polled; json-rpc speaks over a websocket) can be a line
with `driver: webhook`. What both sides promise is in docs/lines/webhook.md.

    export LINE_SECRET=...           # the same as `secret` in the line's configuration
    python3 signal_line.py

    SIGNAL_URL    where signal-cli-rest-api is   default http://127.0.0.1:8081
    SIGNAL_FILE   what must outlive a restart    default signal_line.db
    LINE_PORT     where the server calls         default 9100, on this machine only
"""

import base64
import hashlib
import hmac
import json
import os
import sqlite3
import sys
import threading
import time
import urllib.error
import urllib.request
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import quote, urlencode

SECRET = os.environ.get("LINE_SECRET", "").encode()
SIGNAL = os.environ.get("SIGNAL_URL", "http://127.0.0.1:8081")
PORT = int(os.environ.get("LINE_PORT", "9100"))
EMOJI = {"love": "❤️", "like": "👍", "dislike": "👎", "laugh": "😂", "emphasize": "‼️", "question": "❓", "eyes": "👀"}
CAN = ["media", "tapbacks", "typing", "read"]

db = sqlite3.connect(os.environ.get("SIGNAL_FILE", "signal_line.db"), check_same_thread=False, isolation_level=None)
db.execute("CREATE TABLE IF NOT EXISTS kept (key TEXT PRIMARY KEY, value TEXT)")  # sends and tapbacks of ours
db.execute("CREATE TABLE IF NOT EXISTS news (id INTEGER PRIMARY KEY, number TEXT, message TEXT)")
lock = threading.RLock()  # one send at a time
events_urls = {}  # where a line takes its events, by its number
newest = {}  # the time of each person's newest text, for read receipts


def kept(key, value=None):
    with lock:
        if value is not None:
            db.execute("INSERT OR REPLACE INTO kept VALUES (?, ?)", (key, value))
        return (db.execute("SELECT value FROM kept WHERE key = ?", (key,)).fetchone() or [None])[0]


def sign(request_id, timestamp, body):
    digest = hmac.new(SECRET, f"{request_id}.{timestamp}.".encode() + body, hashlib.sha256).digest()
    return "v1," + base64.b64encode(digest).decode()


def signal(method, path, body=None):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(SIGNAL + path, data, {"Content-Type": "application/json"}, method=method)
    with urllib.request.urlopen(request, timeout=25) as answer:
        return answer.read()


def tell(url, body, content_type="application/json"):
    """Posts to the server: its answer, or None when that is final. What may be sent again raises an OSError."""
    request_id, now = f"evt_{uuid.uuid4()}", str(int(time.time()))
    headers = {"webhook-id": request_id, "webhook-timestamp": now, "webhook-signature": sign(request_id, now, body)}
    request = urllib.request.Request(url, body, {**headers, "Content-Type": content_type})
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.read()
    except urllib.error.HTTPError as refused:
        if refused.code not in (400, 403, 409, 413):
            raise
        print(f"Dropped, the server says: {refused.read().decode()}", flush=True)


def text(url, who, data, base):
    """The events of a text: one for each file, of which the first has the words. Its id names it on Signal."""
    files = data.get("attachments") or []
    for part in range(max(1, len(files))):
        event = {**base, "type": "text", "id": base["id"] + (f"/{part}" if part else "")}
        if data.get("message") and part == 0:
            event["text"] = data["message"]
        if files:
            query = urlencode({"from": who, "name": files[part].get("filename") or ""})
            body = signal("GET", "/v1/attachments/" + quote(files[part]["id"]))
            answer = tell(f"{url}/media?{query}", body, files[part].get("contentType") or "application/octet-stream")
            if answer:
                event["media_id"] = json.loads(answer)["media_id"]
        if "text" in event or "media_id" in event:
            yield event


def events(url, number, envelope):
    """What a message of Signal is to the server; a sender without a number is refused there, and counted."""
    who, at = envelope.get("sourceNumber") or envelope.get("sourceUuid") or "", envelope.get("timestamp", 0)
    base = {"from": who, "id": f"{who}:{at}", "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(at / 1000))}
    data, receipt, typing = (envelope.get(it) or {} for it in ("dataMessage", "receiptMessage", "typingMessage"))
    if data.get("groupInfo") or typing.get("groupId"):
        return
    if reaction := data.get("reaction"):
        name = next((it for it in EMOJI if EMOJI[it].rstrip("\ufe0f") == reaction["emoji"].rstrip("\ufe0f")), "custom")
        author = reaction.get("targetAuthorNumber") or reaction.get("targetAuthor")
        yield {**base, "type": "tapback", "target": f"{author}:{reaction['targetSentTimestamp']}", "reaction": name,
               "emoji": reaction["emoji"], "removed": reaction.get("isRemove", False)}
    elif data:
        newest[number, who] = at
        yield from text(url, who, data, base)
    for sent in receipt.get("timestamps") or []:
        status = "read" if receipt.get("isRead") else "delivered"
        yield {"type": "receipt", "id": f"{number}:{sent}", "status": status, "at": base["at"]}
    if typing:
        yield {"type": "typing", "from": who, "typing": typing.get("action") == "STARTED"}


def listen(number):
    """Signal gives a message out once, so it is written down before anything is done with it."""
    for message in json.loads(signal("GET", f"/v1/receive/{quote(number)}?timeout=1") or b"[]"):
        with lock:
            db.execute("INSERT INTO news (number, message) VALUES (?, ?)", (number, json.dumps(message)))
    for row, message in db.execute("SELECT id, message FROM news WHERE number = ? ORDER BY id", (number,)).fetchall():
        for event in events(events_urls[number], number, json.loads(message).get("envelope") or {}):
            tell(events_urls[number], json.dumps(event).encode())
        with lock:
            db.execute("DELETE FROM news WHERE id = ?", (row,))


def send(call):
    """The same id is sent once. One whose answer was lost, by a crash too, stays without an id: nobody knows."""
    key = "sent:" + call["id"]
    with lock:
        if kept(key) is None:
            body = {"number": call["number"], "recipients": [call["to"]], "message": call.get("text") or ""}
            try:
                if call.get("media_download"):
                    with urllib.request.urlopen(call["media_download"], timeout=20) as file:
                        kind, data = file.headers.get_content_type(), base64.b64encode(file.read()).decode()
                    name = (call.get("media_name") or "file").replace(";", "_").replace(",", "_")
                    body["base64_attachments"] = [f"data:{kind};filename={name};base64,{data}"]
                signal("GET", "/v1/about")
            except OSError as trouble:
                return 503, {"message": f"nothing was sent: {trouble}"}
            kept(key, "")
            try:
                kept(key, f"{call['number']}:{json.loads(signal('POST', '/v2/send', body))['timestamp']}")
            except urllib.error.HTTPError as refused:
                words = refused.read().decode()
                if refused.code == 400 and "nregistered" in words:
                    db.execute("DELETE FROM kept WHERE key = ?", (key,))
                    return 422, {"code": "no_such_number", "message": "This number is not on Signal."}
                print(f"Signal answered a send with {refused.code}: {words}", flush=True)
        return outcome(call)


def outcome(call):
    sent = kept("sent:" + call["id"])
    return (404, {}) if sent is None else (200, {"id": sent}) if sent else (500, {"message": "nobody knows"})


def health():
    try:
        mode = json.loads(signal("GET", "/v1/about")).get("mode", "")
    except OSError as trouble:
        return {"state": "down", "detail": f"Start signal-cli-rest-api, and check SIGNAL_URL: {trouble}"}
    wrong = {"state": "down", "detail": "Start signal-cli-rest-api with MODE=native: json-rpc is not polled."}
    return wrong if mode.startswith("json") else {}


def take(call):
    """Does what the server asks; the status and the JSON of the answer."""
    number, kind = call["number"], call["type"]
    if kind == "hello":
        events_urls[number] = call["events_url"]
        return 200, {"capabilities": CAN, "service": "rcs", **health()}
    if kind in ("text", "outcome"):
        return send(call) if kind == "text" else outcome(call)
    if kind == "typing":
        signal("PUT" if call["typing"] else "DELETE", "/v1/typing-indicator/" + quote(number), {"recipient": call["to"]})
    elif kind == "read" and (number, call["to"]) in newest:
        signal("POST", "/v1/receipts/" + quote(number),
               {"recipient": call["to"], "receipt_type": "read", "timestamp": newest[number, call["to"]]})
    elif kind == "tapback":
        author, at = call["target"].split("/")[0].split(":")
        emoji = EMOJI[call["reaction"]] if call["reaction"] else kept("tap:" + call["target"]) or EMOJI["like"]
        signal("POST" if call["reaction"] else "DELETE", "/v1/reactions/" + quote(number),
               {"recipient": call["to"], "reaction": emoji, "target_author": author, "timestamp": int(at)})
        kept("tap:" + call["target"], emoji)
    return 200, {}


class Calls(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        request_id, timestamp = self.headers.get("webhook-id", ""), self.headers.get("webhook-timestamp", "")
        fresh = timestamp.isdigit() and abs(time.time() - int(timestamp)) < 300
        right = hmac.compare_digest(sign(request_id, timestamp, body), self.headers.get("webhook-signature", ""))
        try:
            status, answer = take(json.loads(body)) if fresh and right else (401, {"message": "wrong signature"})
        except OSError as trouble:
            status, answer = 502, {"message": f"Signal does not do it: {trouble}"}
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
    print(f"The bridge to {SIGNAL} listens on 127.0.0.1:{PORT}.", flush=True)
    while True:
        for number in list(events_urls):
            try:
                listen(number)
            except (OSError, ValueError) as trouble:
                print(f"Not now, it is tried again: {trouble}", flush=True)
        time.sleep(1)


if __name__ == "__main__":
    main()
