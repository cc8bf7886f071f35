#!/usr/bin/env python3
"""The echo agent on the event stream: no webhook, no URL of its own. Python 3.9 or newer, nothing else; see README.md."""
import json, os, pathlib, sys, time, urllib.error, urllib.request

if not os.environ.get("PARTYLINE_API_KEY"):
    sys.exit("Set PARTYLINE_API_KEY to the key of the agent; README.md shows how to make one.")
API = os.environ.get("PARTYLINE_URL", "http://127.0.0.1:8080") + "/api/v1/imessage"
HEADERS = {"X-API-Key": os.environ["PARTYLINE_API_KEY"], "Content-Type": "application/json"}
PLACE = pathlib.Path(os.environ.get("ECHO_PLACE", "echo.place"))  # the id of the last event that is dealt with

def reply(event):
    message = event["data"]["message"]
    text = "I got your file." if message["content"] is None else f"You said: {message['content']}"
    body = json.dumps({"conversation_id": message["conversation_id"], "text": text})
    headers = HEADERS | {"Idempotency-Key": event["id"]}  # an event may come twice, but is answered once
    urllib.request.urlopen(urllib.request.Request(API + "/messages", body.encode(), headers), timeout=30).close()

def note(number):
    new = pathlib.Path(f"{PLACE}.new")
    new.write_text(str(number))
    new.replace(PLACE)  # all of it or nothing, whenever this dies

def listen():
    resume = {"Last-Event-ID": PLACE.read_text().strip()} if PLACE.exists() else {}
    request = urllib.request.Request(API + "/events?types=imessage.received", headers=HEADERS | resume)
    with urllib.request.urlopen(request, timeout=40) as stream:  # a silent stream says every 15 s that it lives
        place = ""
        for line in stream:
            name, _, value = line.decode().rstrip("\n").partition(": ")
            if value == "open":
                print("listening", flush=True)
            elif name == "id":
                place = value
            elif name == "data":
                try:
                    reply(json.loads(value))
                except urllib.error.HTTPError as error:
                    print("no reply:", error.read().decode(), flush=True)
                    if error.code >= 500 or error.code in (408, 429):
                        raise  # the event is told again
            elif not name and not value:  # an empty line ends an event
                note(place)

while True:
    pause = 1
    try:
        listen()
    except urllib.error.HTTPError as error:
        if error.code in (401, 403):
            sys.exit("The server does not know this key. Is PARTYLINE_API_KEY right?")
        pause = int(error.headers.get("Retry-After", "1"))
        answer = error.read().decode()
        print(error, answer, flush=True)
        if error.code == 410:  # the events after our place are gone, or are those of another history
            note(json.loads(answer)["detail"]["next"])
    except OSError as error:
        print(error, flush=True)
    time.sleep(pause)
