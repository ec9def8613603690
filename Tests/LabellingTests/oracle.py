#!/usr/bin/env python3
"""Holds what `leeway feedback` writes to the labelling tools' own packages, and reads theirs.

    oracle.py LEEWAY        LEEWAY is the executable; `make oracles` runs this

Made with label-studio-sdk 2.1.2 and argilla 2.8.0 on Python 3.11. Ends with 0 when every task is
accepted by its tool, and every answer that the tool's own code exports comes back as it was given.
"""
import copy
import json
import subprocess
import sys
import tempfile
import uuid
from pathlib import Path

from argilla import Record
from label_studio_sdk.converter import Converter
from label_studio_sdk.label_interface import LabelInterface

LEEWAY = sys.argv[1]
CONFIG = """<View><Table name="row" value="$features"/>
<Choices name="label" toName="row" choice="single"><Choice value="0"/><Choice value="1"/></Choices>
</View>"""
# The converter's JSON reader refuses integers of 2^63 and more.
FEATURES = [
    {"amount": 120.5, "country": "DE"},
    {},
    {"nested": {"list": [1, None, True]}, "id": 9223372036854775807, "text": "é\n\u0001😀\"\\"},
    {"data": 1, "annotations": 2, "predictions": 3, "meta": 4, "$dollar": 5},
]


def requests():
    """Requests of every kind: with and without version, deadline, segment and model answer."""
    answers = [None, {"score": 0.83, "decision": "1"}, {"score": None, "decision": "0"}]
    for index in range(24):
        request = {
            "type": "relabel_request",
            "request_id": f"rq-{index:x}",
            "prediction_id": str(50000 + index),
            "model": "car-loan",
            "version": [None, "7"][index % 2],
            "time": "2026-11-28T10:00:00Z",
            "deadline": ["2026-12-01T00:00:00Z", None][index // 2 % 2],
            "inclusion_probability": 0.031,
            "reason": "uncertain",
            "policy": "default-1",
            "segment": [None, "features.country=DE"][index // 3 % 2],
            "features": FEATURES[index % len(FEATURES)],
        }
        if answer := answers[index % len(answers)]:
            request["model_answer"] = answer
        yield request


def leeway(text, *options):
    """What `leeway feedback` makes of a text; anything that it finds wrong ends this script."""
    with tempfile.NamedTemporaryFile("w", suffix=".json", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        words = [LEEWAY, "feedback", "-q", *options, file.name]
        done = subprocess.run(words, capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 0 and not done.stderr, (words, done.stderr)
    return done.stdout


def outcomes(text, tool, *options):
    """The outcomes of an export, as (request, prediction, version, label, skipped)."""
    lines = leeway(text, "--format", tool, *options, "--answers").splitlines()
    return [
        (o["request_id"], o["id"], o["version"], o["label"], o["skipped"])
        for o in map(json.loads, lines)
    ]


def expected(index, request, label):
    return (request["request_id"], request["prediction_id"], request["version"], label, label is None)


def check_label_studio(asked, lines):
    interface = LabelInterface(CONFIG)
    tasks = json.loads(leeway(lines, "--format", "label-studio"))
    assert len(tasks) == len(asked)
    for task, request in zip(tasks, asked):
        assert task["data"]["features"] == request["features"]
        # The package's validate_task throws on a task with predictions: they have their own check.
        plain = {key: value for key, value in task.items() if key != "predictions"}
        assert interface.validate_task(plain), plain
        assert ("predictions" in task) == ("model_answer" in request)
        for prediction in task.get("predictions", []):
            errors = interface.validate_prediction(prediction, return_errors=True)
            assert not errors, errors
    # A prediction that the config does not know is refused: the check can fail.
    wrong = copy.deepcopy(next(t for t in tasks if "predictions" in t))["predictions"][0]
    wrong["result"][0]["value"]["choices"] = ["2"]
    assert interface.validate_prediction(wrong, return_errors=True)

    # As an export has them: answered, answered and skipped, not answered.
    exported, given, kept = [], [], []
    for index, (task, request) in enumerate(zip(tasks, asked)):
        labels = [["1"], ["0", None], []][index % 3]
        annotations = [
            {
                "id": 100 * index + place,
                "completed_by": place + 1,
                "was_cancelled": label is None,
                "result": [] if label is None else [
                    {"id": "r", "from_name": "label", "to_name": "row", "type": "choices",
                     "value": {"choices": [label]}}
                ],
                "created_at": "2026-11-28T12:00:00.123456Z",
                "updated_at": "2026-11-28T12:00:00.123456Z",
            }
            for place, label in enumerate(labels)
        ]
        exported.append({"id": index, **task, "annotations": annotations})
        given += [expected(index, request, label) for label in labels]
        kept += [expected(index, request, label) for label in labels if label is not None]
    bodies = "\n".join(
        json.dumps({"action": "ANNOTATION_CREATED", "task": task, "annotation": annotation})
        for task in exported for annotation in task["annotations"]
    )
    assert outcomes(bodies, "label-studio") == given
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "source.json")
        source.write_text(json.dumps(exported), encoding="utf-8")
        converter = Converter(CONFIG, project_dir=folder)
        converter.convert_to_json(str(source), folder, is_dir=False)
        export = Path(folder, "result.json").read_text(encoding="utf-8")
        assert outcomes(export, "label-studio") == given
        converter.convert_to_json_min(str(source), folder, is_dir=False)
        rows = Path(folder, "result.json").read_text(encoding="utf-8")
        assert rows.strip() != export.strip()
        # JSON_MIN leaves out what was skipped.
        assert outcomes(rows, "label-studio") == kept
    return len(tasks), 2 * len(given) + len(kept)


def check_argilla(asked, lines):
    records = json.loads(leeway(lines, "--format", "argilla"))
    assert len(records) == len(asked)
    answered, given = [], []
    for index, (record, request) in enumerate(zip(records, asked)):
        made = Record.from_dict(record)
        assert record["fields"]["features"] == request["features"]
        assert made.id == request["request_id"]
        assert made.metadata.to_dict() == record["metadata"]
        assert made.fields.to_dict() == record["fields"]
        assert bool(record["suggestions"]) == ("model_answer" in request)
        # What is sent to the server can be made.
        made.api_model()
        label = ["1", None, "0"][index % 3]
        response = {"value": label, "user_id": str(uuid.UUID(int=index + 1))}
        if label is None:
            response["status"] = "discarded"
        record["responses"] = {"label": [response]}
        answered.append(Record.from_dict(record).to_dict())
        given.append(expected(index, request, label))
    export = json.dumps(answered, indent=1)
    assert outcomes(export, "argilla", "--time", "2026-11-29T00:00:00Z") == given
    return len(records), len(given)


def main():
    asked = list(requests())
    lines = "".join(json.dumps(request) + "\n" for request in asked)
    for name, check in [("label-studio", check_label_studio), ("argilla", check_argilla)]:
        tasks, answers = check(asked, lines)
        print(f"oracles: {name}: {tasks} tasks accepted, {answers} answers read back")


main()
