#!/usr/bin/env python3
"""Goes once round the loop with a real Label Studio, and holds what comes back to what was given.

    label-studio.py LEEWAY      run by the Python that Label Studio is installed for; see deploy/soak

It starts the server on loopback with a database of its own (SQLite), makes a project with the
configuration of docs/feedback.md, imports the tasks that `leeway feedback` writes, and answers them
by the API as two people do: labels, a skip, a correction, a prediction that both answer. Then
`leeway feedback --answers` reads the webhooks' bodies and both exports. Ends with 0 when all of
them say what was answered.
"""
import contextlib
import http.cookiejar
import http.server
import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from importlib.metadata import version
from pathlib import Path

LEEWAY = sys.argv[1]
REPOSITORY = Path(__file__).resolve().parent.parent
START_SECONDS = 600
WEBHOOK_SECONDS = 60
TOKEN = "0123456789abcdef0123456789abcdef01234567"
PASSWORD = "loopback-only-1"
CONFIG = re.search(
    r"```xml\n(<View>.*?</View>)\n```",
    (REPOSITORY / "docs/feedback.md").read_text(encoding="utf-8"),
    re.DOTALL,
).group(1)


def free_port():
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]


class Receiver(http.server.BaseHTTPRequestHandler):
    """Takes webhooks' bodies, a line each."""

    bodies = []

    def do_POST(self):
        length = int(self.headers["Content-Length"])
        self.bodies.append(json.dumps(json.loads(self.rfile.read(length))))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_):
        pass


@contextlib.contextmanager
def receiver():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/"
    server.shutdown()


@contextlib.contextmanager
def label_studio(folder):
    """A server with a first user; its address."""
    port = free_port()
    words = {
        "HOME": folder,
        "LABEL_STUDIO_BASE_DATA_DIR": f"{folder}/data",
        "LABEL_STUDIO_USERNAME": "one@example.org",
        "LABEL_STUDIO_PASSWORD": PASSWORD,
        "LABEL_STUDIO_USER_TOKEN": TOKEN,
        "LABEL_STUDIO_ENABLE_LEGACY_API_TOKEN": "true",
        "LATEST_VERSION_CHECK": "false",
        "COLLECT_ANALYTICS": "false",
        # The webhooks' receiver is on loopback, too, and need not answer at once.
        "SSRF_PROTECTION_ENABLED": "false",
        "WEBHOOK_TIMEOUT": "30",
        "SENTRY_DSN": "",
        "FRONTEND_SENTRY_DSN": "",
    }
    start = "from label_studio.server import main; main()"
    options = ["start", "--no-browser", "--internal-host", "127.0.0.1", "--port", str(port)]
    with open(f"{folder}/log", "w+", encoding="utf-8") as log:
        server = subprocess.Popen(
            [sys.executable, "-c", start, *options],
            env=os.environ | words, stdout=log, stderr=subprocess.STDOUT, cwd=folder,
        )
        try:
            address = f"http://127.0.0.1:{port}"
            deadline = time.monotonic() + START_SECONDS
            while True:
                with contextlib.suppress(OSError):
                    urllib.request.urlopen(address + "/health", timeout=5)
                    break
                if server.poll() is not None or time.monotonic() > deadline:
                    log.seek(0)
                    sys.exit("label-studio does not start:\n" + log.read()[-3000:])
                time.sleep(1)
            yield address
        finally:
            server.terminate()
            try:
                server.wait(20)
            except subprocess.TimeoutExpired:
                server.kill()


class User:
    """Someone who asks the API with a token."""

    def __init__(self, address, token):
        self.address = address
        self.token = token
        self.id = self.get("/api/current-user/whoami")["id"]

    def call(self, method, path, body=None):
        data = body if isinstance(body, bytes) else None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.address + path, data, method=method)
        request.add_header("Authorization", f"Token {self.token}")
        request.add_header("Content-Type", "application/json")
        try:
            with urllib.request.urlopen(request, timeout=120) as answer:
                return json.loads(answer.read() or b"null")
        except urllib.error.HTTPError as error:
            sys.exit(f"{method} {path}: {error.code}: {error.read()[:600]}")

    def get(self, path):
        return self.call("GET", path)

    def annotate(self, task, label, **more):
        """Answers a task; without a label it is skipped."""
        result = [] if label is None else [
            {"from_name": "label", "to_name": "row", "type": "choices", "value": {"choices": [label]}}
        ]
        body = {"result": result, "was_cancelled": label is None, **more}
        return self.call("POST", f"/api/tasks/{task}/annotations/", body)["id"]

    def correct(self, annotation, label):
        result = [
            {"from_name": "label", "to_name": "row", "type": "choices", "value": {"choices": [label]}}
        ]
        self.call("PATCH", f"/api/annotations/{annotation}/", {"result": result})


def invited(first):
    """A second person, who signs up by the first one's invitation."""
    invitation = first.get("/api/invite")
    page = first.address + "/user/signup/?" + urllib.parse.urlencode({"token": invitation["token"]})
    jar = http.cookiejar.CookieJar()
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    form = opener.open(page, timeout=60).read().decode()
    secret = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form).group(1)
    fields = {"csrfmiddlewaretoken": secret, "email": "two@example.org", "password": PASSWORD}
    request = urllib.request.Request(page, urllib.parse.urlencode(fields).encode())
    request.add_header("Referer", page)
    opener.open(request, timeout=60).read()
    token = json.loads(opener.open(first.address + "/api/current-user/token", timeout=60).read())
    return User(first.address, token["token"])


def requests():
    """Requests for labels, some with the model's answer, one with the text of a person."""
    for index in range(8):
        request = {
            "type": "relabel_request",
            "request_id": f"rq-{index}",
            "prediction_id": str(50000 + index),
            "model": "car-loan",
            "version": [None, "7"][index % 2],
            "time": "2026-11-28T10:00:00Z",
            "deadline": None,
            "inclusion_probability": 0.031,
            "reason": "uncertain",
            "policy": "default-1",
            "segment": None,
            "features": {"amount": 120.5 + index, "text": "é\n😀\"\\", "list": [1, None, True]},
        }
        if index % 3 == 1:
            request["model_answer"] = {"score": 0.83, "decision": "1"}
        yield request


def leeway(text, *options):
    """What `leeway feedback` makes of a text; anything that it finds wrong ends this script."""
    with tempfile.NamedTemporaryFile("w", suffix=".json", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        words = [LEEWAY, "feedback", "-q", "--format", "label-studio", *options, file.name]
        done = subprocess.run(words, capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 0 and not done.stderr, (words, done.stderr)
    return done.stdout


def outcomes(text):
    """What was answered, in order of time, as (request, version, label, annotator, skipped)."""
    lines = [json.loads(line) for line in leeway(text, "--answers").splitlines()]
    for line in lines:
        assert line["kind"] == "outcome" and line["source"] == "human", line
        assert line["id"] == str(50000 + int(line["request_id"][3:])), line
    return [
        (o["request_id"], o["version"], o["label"], o["annotator"], o["skipped"])
        for o in sorted(lines, key=lambda o: o["ts"])
    ]


def hold(name, found, given):
    if sorted(found, key=str) != sorted(given, key=str):
        sys.exit(f"{name}: got {found}\nbut {given} was answered")
    print(f"soak: label-studio {version('label-studio')}: {name}: {len(found)} answers as given")


def main():
    asked = list(requests())
    with tempfile.TemporaryDirectory() as folder, receiver() as hook, label_studio(folder) as address:
        one = User(address, TOKEN)
        two = invited(one)
        assert one.id != two.id
        project = one.call("POST", "/api/projects", {"title": "loan", "label_config": CONFIG})["id"]
        actions = ["ANNOTATION_CREATED", "ANNOTATION_UPDATED"]
        one.call("POST", "/api/webhooks/", {
            "project": project, "url": hook, "send_payload": True,
            "send_for_all_actions": False, "actions": actions,
        })
        tasks = leeway("".join(json.dumps(request) + "\n" for request in asked))
        one.call("POST", f"/api/projects/{project}/import", tasks.encode())
        listed = one.get(f"/api/projects/{project}/tasks?page_size=100")
        numbers = {task["data"]["leeway"]["request_id"]: task["id"] for task in listed}
        assert sorted(numbers) == [request["request_id"] for request in asked], numbers
        for task in listed:
            sent = next(r for r in asked if r["request_id"] == task["data"]["leeway"]["request_id"])
            assert task["data"]["features"] == sent["features"], task

        given, corrected = [], []
        answers = [("1", None), ("0", "1"), (None, "0"), ("0", None, "1"), None, ("1", "1"), (None,)]
        for request, answer in zip(asked, answers):
            if answer is None:
                continue
            name = request["request_id"]
            said = {one: answer[0], two: answer[1] if len(answer) > 1 else None}
            for user, label in said.items():
                if user is two and label is None:
                    continue
                annotation = user.annotate(numbers[name], label)
                row = [name, request["version"], label, str(user.id), label is None]
                if len(answer) > 2:
                    corrected.append(tuple(row))
                    time.sleep(0.01)
                    user.correct(annotation, answer[2])
                    row[2] = answer[2]
                given.append(tuple(row))

        deadline = time.monotonic() + WEBHOOK_SECONDS
        while len(Receiver.bodies) < len(given + corrected) and time.monotonic() < deadline:
            time.sleep(0.2)
        hold("webhooks", outcomes("\n".join(Receiver.bodies)), given + corrected)
        for kind, kept in [("JSON", given), ("JSON_MIN", [row for row in given if not row[4]])]:
            export = one.get(f"/api/projects/{project}/export?exportType={kind}")
            hold(f"export {kind}", outcomes(json.dumps(export)), kept)
            hold(f"export {kind}, pretty", outcomes(json.dumps(export, indent=1)), kept)
        everything = one.get(f"/api/projects/{project}/export?exportType=JSON&download_all_tasks=true")
        assert len(everything) == len(asked)
        hold("export JSON of all tasks", outcomes(json.dumps(everything)), given)


main()
