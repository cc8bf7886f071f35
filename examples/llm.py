#!/usr/bin/env python3
"""An agent with a language model, on the long poll: any model behind an OpenAI-compatible address, such as Ollama's.

    export PARTYLINE_API_KEY=ApiKey_...        # a key that is scoped to one identity, see README.md
    python3 llm.py

    PARTYLINE_URL     where the server is                     default http://127.0.0.1:8080
    OPENAI_BASE_URL   where the model is                      default http://127.0.0.1:11434/v1, which is Ollama
    OPENAI_API_KEY    the key for the model                   default none
    OPENAI_MODEL      which model                             default llama3.2
    LLM_PLACE         the file with the last event's number   default llm.place

Python 3.9, nothing else. llm.mts is the same in TypeScript.
"""

import concurrent.futures
import json
import os
import pathlib
import sys
import time
import urllib.error
import urllib.request

SERVER = os.environ.get("PARTYLINE_URL", "http://127.0.0.1:8080").rstrip("/")
API_KEY = os.environ.get("PARTYLINE_API_KEY", "")
MODEL_URL = os.environ.get("OPENAI_BASE_URL", "http://127.0.0.1:11434/v1").rstrip("/") + "/chat/completions"
MODEL_KEY = os.environ.get("OPENAI_API_KEY", "")
MODEL = os.environ.get("OPENAI_MODEL", "llama3.2")
PLACE = pathlib.Path(os.environ.get("LLM_PLACE", "llm.place"))
SYSTEM = "You are texting with a person on their phone. Answer in plain text, in one to three short sentences."
REMEMBERED = 20  # messages of the conversation that the model is shown
LONGEST = 1_500  # characters of a reply


def post(url, key, body, seconds, **headers):
    request = urllib.request.Request(
        url, json.dumps(body).encode(), {**key, "Content-Type": "application/json", **headers}
    )
    with urllib.request.urlopen(request, timeout=seconds) as response:
        return json.loads(response.read() or "null")


def api(path, body=None, **headers):
    """One request to the server's API; the answer's JSON."""
    url, key = SERVER + "/api/v1/imessage" + path, {"X-API-Key": API_KEY, "Accept": "application/json"}
    if body is not None:
        return post(url, key, body, 30, **headers)
    with urllib.request.urlopen(urllib.request.Request(url, headers=key), timeout=70) as response:
        return json.load(response)


def answer(event):
    """Reads, types while the model thinks, and sends what it says; `event` is the newest of its conversation."""
    message = event["data"]["message"]
    here = {"conversation_id": message["conversation_id"]}
    try:
        api("/mark-read", here)
        api("/typing", here)
    except urllib.error.HTTPError as error:  # a courtesy, of which a phone is shown so many
        print("not shown:", explain(error), flush=True)
    newest_first = api(f"/messages?conversation_id={message['conversation_id']}&limit={REMEMBERED}")
    try:
        words = think([turn(message) for message in reversed(newest_first)])
    except (OSError, ValueError, LookupError) as error:
        print("the model does not answer:", explain(error), file=sys.stderr, flush=True)
        words = "I cannot think right now. Please ask me again in a few minutes."
    try:
        # An event may come twice, but is answered once: hence the key.
        api("/messages", {**here, "text": words[:LONGEST]}, **{"Idempotency-Key": event["id"]})
    except urllib.error.HTTPError as error:
        if error.code >= 500 or error.code in (408, 429):
            raise  # the event is asked for again
        print(f"no reply to {message['remote_number']}: {explain(error)}", file=sys.stderr, flush=True)


def turn(message):
    """A message as the model is shown it."""
    role = "user" if message["direction"] == "inbound" else "assistant"
    return {"role": role, "content": message["content"] or "(a file, or a text that is gone)"}


def think(turns):
    key = {"Authorization": "Bearer " + MODEL_KEY} if MODEL_KEY else {}
    said = post(MODEL_URL, key, {"model": MODEL, "messages": [{"role": "system", "content": SYSTEM}, *turns]}, 120)
    return said["choices"][0]["message"]["content"].strip() or "I have nothing to say to that."


def explain(error):
    """An error in a sentence, as far as it has one."""
    text = error.read().decode(errors="replace") if isinstance(error, urllib.error.HTTPError) else ""
    return f"{error} {text}".strip()


def note(number):
    """Writes the place down: all of it or nothing, whenever this dies."""
    new = pathlib.Path(f"{PLACE}.new")
    new.write_text(str(number))
    new.replace(PLACE)


def listen(pool):
    """Answers the next events. Of texts that came together, those of one person get one answer."""
    page = api(f"/events?types=imessage.received&wait=50&after={PLACE.read_text().strip()}")
    newest = {event["data"]["message"]["conversation_id"]: event for event in page["events"]}
    list(pool.map(answer, newest.values()))  # people do not wait for each other
    note(page["next"])


def main():
    if not API_KEY:
        sys.exit("Set PARTYLINE_API_KEY to the key of the agent; README.md shows how to make one.")
    pool = concurrent.futures.ThreadPoolExecutor(16)
    told = False
    while True:
        try:
            if not PLACE.exists():
                note(api("/events?limit=1")["next"])  # a new agent begins at now
            if not told:
                print("listening", flush=True)
            told = True
            listen(pool)
        except urllib.error.HTTPError as error:
            text = error.read().decode(errors="replace")
            if error.code == 401:
                sys.exit("The server does not know this key. Is PARTYLINE_API_KEY right?")
            print(f"The server answered {error.code}: {text}", file=sys.stderr, flush=True)
            if error.code == 410:  # the events after our place are gone, or are those of another history
                note(json.loads(text)["detail"]["next"])
            time.sleep(int(error.headers.get("Retry-After", "2")))
        except OSError as error:
            print(f"{SERVER} does not answer ({error}).", file=sys.stderr, flush=True)
            time.sleep(2)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        print("\nBye.")
