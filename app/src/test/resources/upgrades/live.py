#!/usr/bin/env python3
"""Lives a while with a jar and keeps its data folder, for the tests of upgrades.

  live.py JAR OUT.zip    (Java 25 as `java`, or JAVA_HOME)

The archive holds the folder as the server left it and `answers.json`: what it answered at the end, by path. Made once for
each schema that a release has, and never again: it stands for what people have on their disks.
"""
import json, os, subprocess, sys, tempfile, time, urllib.error, urllib.request, zipfile

KEY = "ApiKey_00000000-0000-4000-8000-0000000000aa.a-secret-of-the-upgrade-fixture"
ROUTER, LINE, PORT = "+12025550100", "+12025550101", 18455
ANN, BOB, CY = "+12025550140", "+12025550141", "+12025550142"
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c63f8cfc0f01f0005000"
    "1ff89993d1d0000000049454e44ae426082")


def call(method, path, body=None, key=KEY, headers={}):
    data = body if isinstance(body, bytes) else None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"http://127.0.0.1:{PORT}{path}", data, method=method)
    for name, value in {"X-API-Key": key, **({"Content-Type": "application/json"} if data else {}), **headers}.items():
        request.add_header(name, value)
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            text = answer.read()
            return json.loads(text) if text else None
    except urllib.error.HTTPError as refused:
        raise SystemExit(f"{method} {path}: {refused.code} {refused.read().decode()}")


def until(what, wanted):
    for _ in range(1200):
        found = what()
        if wanted(found):
            return found
        time.sleep(0.05)
    raise SystemExit(f"never came: {found}")


def text(person, to, words, **more):
    return call("POST", "/simulator/messages", {"from": person, "to": to, "text": words, **more})


def messages(key=KEY):
    return call("GET", "/api/v1/imessage/messages?limit=200", key=key)


def live():
    call("POST", "/api/v1/identities/", {"agent_handle": "keeper", "display_name": "The Keeper", "imessage_enabled": True})
    call("POST", "/api/v1/identities/", {"agent_handle": "quiet-one", "imessage_enabled": True})
    identity = call("GET", "/api/v1/identities/keeper")
    agent = call("POST", "/api/v1/api-keys", {"label": "its own", "scoped_identity_id": identity["id"]})["api_key"]
    hook = {"agent_identity_id": identity["id"], "event_types": ["imessage.received", "imessage.delivered"]}
    call("POST", "/api/v1/webhooks/subscriptions", {**hook, "url": "http://127.0.0.1:9/nobody"})
    call("POST", "/api/v1/contacts", {"given_name": "Ann", "phones": [{"label": "mobile", "value_e164": ANN, "is_primary": True}]})
    for person in (ANN, BOB):
        text(person, ROUTER, "connect @keeper")
    until(lambda: call("GET", "/api/v1/imessage/assignments"), lambda it: len(it) == 2)
    for words in ("hello", "grüß dich 🌴", "a third"):
        text(ANN, LINE, words)
    text(BOB, LINE, "from Bob")
    until(messages, lambda it: len(it) == 4)
    first = next(it for it in messages() if it["content"] == "hello")
    here = {"conversation_id": first["conversation_id"]}
    boundary = b"--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"dot.png\"\r\nContent-Type: image/png\r\n\r\n" + PNG + b"\r\n--x--\r\n"
    picture = call("POST", "/api/v1/imessage/media", boundary, agent, {"Content-Type": "multipart/form-data; boundary=x"})
    call("POST", "/api/v1/imessage/messages", {**here, "text": "see", "media_urls": [picture["media_url"]]}, agent)
    call("POST", "/api/v1/imessage/messages", {**here, "text": "with a key"}, agent, {"Idempotency-Key": "once"})
    until(messages, lambda it: sum(m["status"] == "delivered" for m in it) == 2)
    call("POST", "/api/v1/imessage/reactions", {"message_id": first["id"], "reaction": "love"}, agent)
    call("POST", "/api/v1/imessage/mark-read", here, agent)
    call("POST", "/api/v1/imessage/identities/keeper/contact-rules", {"action": "block", "match_type": "exact_number", "match_target": BOB})
    text(BOB, LINE, "not for the agent")
    until(messages, lambda it: len(it) == 7)
    text(CY, ROUTER, "STOP")
    time.sleep(2)
    return agent, here["conversation_id"]


def answers(agent, conversation):
    admin = ["/api/v1/identities/keeper", "/api/v1/imessage/messages?limit=200", "/api/v1/imessage/conversations",
             "/api/v1/imessage/assignments", "/api/v1/imessage/identities/keeper/contact-rules", "/api/v1/contacts",
             "/api/v1/webhooks/subscriptions", "/api/v1/webhooks/deliveries?limit=200"]
    own = ["/api/v1/imessage/messages?limit=200", f"/api/v1/imessage/messages?conversation_id={conversation}",
           f"/api/v1/imessage/conversations/{conversation}", "/api/whoami"]
    return {"agent": agent, "conversation": conversation,
            "admin": {path: call("GET", path) for path in admin}, "own": {path: call("GET", path, key=agent) for path in own},
            "events": call("GET", "/api/v1/imessage/events?after=0", key=agent, headers={"Accept": "application/json"})}


def main(jar, out):
    folder = tempfile.mkdtemp()
    java = os.path.join(os.environ["JAVA_HOME"], "bin", "java") if "JAVA_HOME" in os.environ else "java"
    server = subprocess.Popen(
        [java, "-jar", os.path.abspath(jar), "serve", "--port", str(PORT)], cwd=folder, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL, env={**os.environ, "PARTYLINE_ADMIN_KEY": KEY})
    try:
        def up():
            try:
                return call("GET", "/api/whoami")
            except OSError:
                return None
        until(up, bool)
        kept = answers(*live())
    finally:
        server.terminate()
        server.wait(30)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        data = os.path.join(folder, "data")
        for place, _, names in sorted(os.walk(data)):
            for name in sorted(names):
                if name == "server.key" or name.startswith("partyline.db") or os.path.basename(place) == "media":
                    archive.write(os.path.join(place, name), os.path.relpath(os.path.join(place, name), data))
        archive.writestr("answers.json", json.dumps(kept, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main(*sys.argv[1:])
