"""Tries a server through the proxy in front of it: CERTIFICATE PORT KEY NUMBER HTTP [BASE]. Each NUMBER is a client and people of its own."""
import http.client, json, re, socket, ssl, subprocess, sys, threading, time, urllib.parse

certificate, port, admin, number, spoken, base = sys.argv[1:7]
HOST = "partyline.example.org"
PERSON = f"+120255502{number}"
ROUTER = "+12025550100"
LINE = "+12025550101"
SITE = f"https://{HOST}{base}"
tls = ssl.create_default_context(cafile=certificate)


class Client(http.client.HTTPSConnection):
    """As from an address of its own on this machine."""

    def __init__(self, last=1, timeout=60):
        super().__init__(HOST, int(port), timeout=timeout, context=tls)
        self.address = f"127.0.{number}.{last}"

    def connect(self):
        for _ in range(300):
            try:
                plain = socket.create_connection(("127.0.0.1", self.port), self.timeout, (self.address, 0))
                break
            except ConnectionRefusedError:
                time.sleep(0.1)
        self.sock = tls.wrap_socket(plain, server_hostname=HOST)


def ask(method, path, body=None, key=admin, last=1, **headers):
    client = Client(last)
    if isinstance(body, dict):
        body = json.dumps(body)
    all_headers = {"Host": HOST, **({"X-API-Key": key} if key else {}), **{k.replace("_", "-"): v for k, v in headers.items()}}
    client.request(method, base + path, body, all_headers)
    answer = client.getresponse()
    said = answer.read()
    client.close()
    return answer, said


def good(method, path, body=None, **more):
    answer, said = ask(method, path, body, **more)
    assert answer.status in (200, 201, 202), f"{method} {path}: {answer.status} {said[:300]}"
    return json.loads(said)


def text(to, words):
    good("POST", "/simulator/messages", {"from": PERSON, "to": to, "text": words})


def until(what, look, seconds=30):
    end = time.monotonic() + seconds
    while not look():
        assert time.monotonic() < end, f"it never came to this: {what}"
        time.sleep(0.1)


def streamed(stream, words):
    """Reads until the words come, on a stream that stays open; what waits in a buffer would never come."""
    while True:
        line = stream.readline()
        assert line, f"the stream ended before: {words}"
        if words.encode() in line:
            return


def upload(size):
    edge = "edge-of-a-part"
    head = f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="a.bin"\r\nContent-Type: application/octet-stream\r\n\r\n'
    body = head.encode() + bytes(i % 251 for i in range(1000)) + bytes(size - 1000) + f"\r\n--{edge}--\r\n".encode()
    return ask("POST", "/api/v1/imessage/media", body, Content_Type=f"multipart/form-data; boundary={edge}")


def pages(*starts):
    """Each page, with all that it needs, lies below the base path."""
    seen, todo = set(), [f"{base}{start}" for start in starts]
    while todo:
        path = todo.pop()
        if path in seen:
            continue
        seen.add(path)
        assert path.startswith(base + "/"), f"a page leads out of {base}: {path}"
        answer, said = ask("GET", path[len(base):], key=None, Accept="text/html,*/*")
        if answer.status in (301, 302):
            todo.append(urllib.parse.urljoin(path, urllib.parse.urlsplit(answer.headers["Location"]).path))
            continue
        assert answer.status == 200, f"{path}: {answer.status}"
        kind = answer.headers["Content-Type"]
        found = []
        if "html" in kind:
            found = re.findall(r'(?:<script[^>]* src|<link[^>]* href|<a [^>]*href)="([^"#:]+)(?:#[^"]*)?"', said.decode())
        elif "javascript" in kind and len(said) < 200_000:
            found = re.findall(r"(?:from|import) '(\.[^']+)'", said.decode())
        todo += [urllib.parse.urljoin(path, it.split("?")[0]) for it in found]
    return seen


# The API with a key, also in the newest HTTP that is spoken.
answer, _ = ask("GET", "/api/v1/identities", key=None)
assert answer.status == 401, answer.status
version = subprocess.run(
    ["curl", "-sS", "--http2", "--cacert", certificate, "--connect-to", f"{HOST}:443:127.0.0.1:{port}", "-o", "/dev/null",
     "-w", "%{http_code} %{http_version}", f"{SITE}/healthz"], capture_output=True, text=True, timeout=30).stdout
assert version == f"200 {spoken}", version

# An agent, and somebody who talks with it.
agent = good("POST", "/api/v1/identities/", {"agent_handle": f"agent-{number}", "display_name": "Agent", "imessage_enabled": True})
key = good("POST", "/api/v1/api-keys", {"label": "front", "scoped_identity_id": agent["id"]})["api_key"]
text(ROUTER, f"connect @agent-{number}")
phone = "/simulator/phones/" + PERSON.replace("+", "%2B")
until("connected", lambda: f"@agent-{number}".encode() in ask("GET", phone)[1] and b"0101" in ask("GET", phone)[1])

# An event comes while the stream is open, and another after it was silent for long; so does a long poll's.
reader = Client()
reader.request("GET", base + "/api/v1/imessage/events", headers={"Host": HOST, "X-API-Key": key, "Accept": "text/event-stream"})
stream = reader.getresponse()
assert stream.status == 200 and "event-stream" in stream.headers["Content-Type"], stream.status
reader.sock.settimeout(14)
text(LINE, "comes at once")
streamed(stream, "comes at once")
reader.sock.settimeout(40)
place = good("GET", "/api/v1/imessage/events", key=key, Accept="application/json")["next"]
polled = []


def poll():
    began = time.monotonic()
    polled.append((good("GET", f"/api/v1/imessage/events?after={place}&wait=50&types=imessage.received", key=key,
                        Accept="application/json"), time.monotonic() - began))


poller = threading.Thread(target=poll)
poller.start()
late = time.monotonic() + 23

# Files: as large as they may be, refused above it, and parts of them, at the address that others see.
answer, said = upload(10 << 20)
assert answer.status == 201, f"10 MiB: {answer.status} {said[:300]}"
url = json.loads(said)["media_url"]
assert url.startswith(f"{SITE}/media/"), url
answer, said = upload((10 << 20) + 1)
assert answer.status == 413 and b"{" in said, f"above 10 MiB: {answer.status} {said[:300]}"
answer, part = ask("GET", urllib.parse.urlsplit(url).path[len(base):], key=None, Range="bytes=5-9")
assert answer.status == 206 and part == bytes(range(5, 10)), f"a range: {answer.status} {part[:50]}"
assert answer.headers["Content-Range"] == f"bytes 5-9/{10 << 20}", answer.headers["Content-Range"]

# Who guesses keys waits alone, whatever address they claim.
for _ in range(20):
    assert ask("GET", "/api/v1/identities", key="ApiKey_wrong", last=2)[0].status == 401
assert ask("GET", "/api/v1/identities", key="ApiKey_wrong", last=2)[0].status == 429
assert ask("GET", "/api/v1/identities", key="ApiKey_wrong", last=2, X_Forwarded_For="127.9.9.9")[0].status == 429
assert ask("GET", "/api/v1/identities", key="ApiKey_wrong", last=3)[0].status == 401

# Console, phone, guides and reference.
seen = pages("/", "/console", f"/console/agents/agent-{number}", "/phone", "/docs", "/docs/reference", "/openapi.json", "/llms.txt")
assert len(seen) > 60, sorted(seen)
if base:
    client = Client()
    client.request("GET", base, headers={"Host": HOST})
    answer = client.getresponse()
    assert answer.status in (301, 302, 308) and answer.headers["Location"].endswith(base + "/"), answer.status
    answer, said = ask("GET", "/llms.txt", key=None)
    assert SITE.encode() in said, said[:300]

time.sleep(max(0.0, late - time.monotonic()))
assert poller.is_alive(), polled
text(LINE, "comes late")
streamed(stream, "comes late")
poller.join(40)
events, waited = polled[0]
assert waited > 20 and "comes late" in json.dumps(events), (waited, events)
