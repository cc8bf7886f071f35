#!/usr/bin/env python3
"""A to-do agent on the long poll: people text it what they have to do. It keeps its lists in a file of SQLite.

Its place in the events, what people have to do, and the answers that it still owes are one database, so they change
together: an agent that is killed at any moment does nothing twice and forgets nothing. Python 3.9, nothing else.

    export PARTYLINE_API_KEY=ApiKey_...        # a key that is scoped to one identity, see README.md
    python3 todo.py

    PARTYLINE_URL   where the server is              default http://127.0.0.1:8080
    TODO_FILE       the database, made when missing  default todo.db
"""

import json
import os
import re
import sqlite3
import sys
import time
import urllib.error
import urllib.request

SERVER = os.environ.get("PARTYLINE_URL", "http://127.0.0.1:8080").rstrip("/")
API_KEY = os.environ.get("PARTYLINE_API_KEY", "")
MOST_TASKS = 100
later = {}  # by event: when its answer may be tried again, where the server said so
HELP = 'Text me what there is to do. "list" shows all of it, "done 2" ends the second.'
SCHEMA = """
    CREATE TABLE IF NOT EXISTS task (id INTEGER PRIMARY KEY, conversation TEXT NOT NULL, text TEXT NOT NULL);
    CREATE TABLE IF NOT EXISTS answer (event TEXT PRIMARY KEY, body TEXT NOT NULL);
    CREATE TABLE IF NOT EXISTS place (event INTEGER NOT NULL);
"""


def call(method, path, body=None, **headers):
    """One request to the server's API; the answer's JSON."""
    request = urllib.request.Request(
        SERVER + "/api/v1/imessage" + path,
        method=method,
        data=None if body is None else body.encode(),
        headers={"X-API-Key": API_KEY, "Content-Type": "application/json", "Accept": "application/json", **headers},
    )
    with urllib.request.urlopen(request, timeout=70) as response:
        return json.loads(response.read() or "null")


def listen(db):
    """Takes the next events, and writes down in one go what they change and what is to be answered."""
    after = place(db)
    page = call("GET", f"/events?types=imessage.received&wait=50&after={after}")
    with db:  # one transaction
        for event in page["events"]:
            message = event["data"]["message"]
            words = understand(db, message["conversation_id"], (message["content"] or "").strip())
            body = json.dumps({"conversation_id": message["conversation_id"], "text": words})
            db.execute("INSERT INTO answer VALUES (?, ?)", (event["id"], body))
        db.execute("UPDATE place SET event = ?", (page["next"],))


def understand(db, conversation, text):
    """Does what the person wants; the words for them."""
    tasks = db.execute("SELECT id, text FROM task WHERE conversation = ? ORDER BY id", (conversation,)).fetchall()
    done = re.fullmatch(r"done (\d{1,4})", text, re.IGNORECASE)
    if not text or text.lower() in ("help", "hello", "hi"):
        return HELP
    if text.lower() == "list":
        return "\n".join(f"{number}. {task}" for number, (_, task) in enumerate(tasks, 1)) or "Nothing to do."
    if done and 1 <= int(done[1]) <= len(tasks):
        task_id, task = tasks[int(done[1]) - 1]
        db.execute("DELETE FROM task WHERE id = ?", (task_id,))
        return f"Done: {task}"
    if done:
        return f"There is no number {done[1]}: you have {len(tasks)} to do."
    if len(tasks) >= MOST_TASKS:
        return f"You have {MOST_TASKS} to do: end some first."
    db.execute("INSERT INTO task (conversation, text) VALUES (?, ?)", (conversation, text))
    return f"Noted as number {len(tasks) + 1}."


def pay(db):
    """Sends what is owed. What is sent again after a crash is the same message to the server, thanks to its key."""
    for event, body in db.execute("SELECT event, body FROM answer ORDER BY rowid").fetchall():
        if time.monotonic() < later.get(event, 0):
            continue
        try:
            call("POST", "/messages", body, **{"Idempotency-Key": event})
        except urllib.error.HTTPError as error:
            why = error.read().decode(errors="replace")
            print(f"not answered: {why}", file=sys.stderr, flush=True)
            if error.code >= 500 or error.code in (408, 429):
                later[event] = time.monotonic() + int(error.headers.get("Retry-After", "2"))
                continue  # still owed: it is tried again after the next events, or a minute without any
        later.pop(event, None)
        with db:
            db.execute("DELETE FROM answer WHERE event = ?", (event,))


def place(db):
    """The number of the last event that is dealt with; a new agent begins at now."""
    found = db.execute("SELECT event FROM place").fetchone()
    if found is None:
        with db:
            db.execute("INSERT INTO place VALUES (?)", (call("GET", "/events?limit=1")["next"],))
        return place(db)
    return found[0]


def main():
    if not API_KEY:
        sys.exit("Set PARTYLINE_API_KEY to the key of the agent; README.md shows how to make one.")
    db = sqlite3.connect(os.environ.get("TODO_FILE", "todo.db"))
    db.executescript(SCHEMA)
    heard = False
    while True:
        try:
            pay(db)
            place(db)
            if not heard:
                print("listening", flush=True)
            heard = True
            listen(db)
        except urllib.error.HTTPError as error:
            text = error.read().decode(errors="replace")
            if error.code == 401:
                sys.exit("The server does not know this key. Is PARTYLINE_API_KEY right?")
            print(f"The server answered {error.code}: {text}", file=sys.stderr, flush=True)
            if error.code == 410:  # the events after our place are gone, or are those of another history
                with db:
                    db.execute("UPDATE place SET event = ?", (json.loads(text)["detail"]["next"],))
            time.sleep(int(error.headers.get("Retry-After", "2")))
        except OSError as error:
            print(f"{SERVER} does not answer ({error}).", file=sys.stderr, flush=True)
            time.sleep(2)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        print("\nBye.")
