#!/usr/bin/env python3
"""Writes records to Apache Kafka and reads them back, as other people's Python clients do.

    peers.py write CLIENT SERVERS TOPIC    the lines of standard input, a record each
    peers.py read CLIENT SERVERS TOPIC     prints each record: its key, a tab, its value
    peers.py check                         holds such lines of standard input to docs/kafka.md

CLIENT is `confluent-kafka` or `kafka-python`. What reads is done when nothing has come for five
seconds. `check` ends with 1 where a value is no JSON or a key is not the one that is documented.
"""
import json
import sys

QUIET_SECONDS = 5


def write_confluent(servers, topic):
    from confluent_kafka import Producer

    failures = []
    producer = Producer({"bootstrap.servers": servers, "enable.idempotence": True})
    for line in sys.stdin.buffer:
        producer.produce(
            topic,
            line.rstrip(b"\n"),
            on_delivery=lambda error, _: failures.append(error) if error else None,
        )
        producer.poll(0)
    if producer.flush(60) or failures:
        sys.exit(f"confluent-kafka: not all was written: {failures[:3]}")


def read_confluent(servers, topic):
    from confluent_kafka import Consumer

    consumer = Consumer(
        {
            "bootstrap.servers": servers,
            "group.id": "peer-confluent-kafka",
            "auto.offset.reset": "earliest",
            "enable.auto.commit": False,
        }
    )
    consumer.subscribe([topic])
    has_begun = False
    while True:
        # The group takes longer to be joined than a record to come.
        record = consumer.poll(QUIET_SECONDS if has_begun else 30)
        if record is None:
            break
        has_begun = True
        if record.error():
            sys.exit(f"confluent-kafka: {record.error()}")
        yield record.key(), record.value()
    consumer.close()


def write_kafka_python(servers, topic):
    from kafka import KafkaProducer

    producer = KafkaProducer(bootstrap_servers=servers.split(","), acks="all")
    sent = [producer.send(topic, line.rstrip(b"\n")) for line in sys.stdin.buffer]
    producer.flush()
    for one in sent:
        one.get(timeout=60)
    producer.close()


def read_kafka_python(servers, topic):
    from kafka import KafkaConsumer

    consumer = KafkaConsumer(
        topic,
        bootstrap_servers=servers.split(","),
        auto_offset_reset="earliest",
        enable_auto_commit=False,
        consumer_timeout_ms=1000 * QUIET_SECONDS,
    )
    for record in consumer:
        yield record.key, record.value
    consumer.close()


def documented_key(record):
    """The key that a record has by docs/kafka.md."""
    match record["type"]:
        case "alert":
            return record["fingerprint"]
        case "incident":
            return record["incident"]
        case "dead_letter":
            return f"{record['source']}:{record['offset'] + 1}"
        case "metric":
            parts = [record[name] or "" for name in ("model", "window", "version", "segment")]
            return "|".join(parts)
    sys.exit(f"a record of an unknown type: {record['type']}")


def check():
    count = 0
    for line in sys.stdin:
        key, value = line.rstrip("\n").split("\t", 1)
        wanted = documented_key(json.loads(value))
        if key != wanted:
            sys.exit(f"the key is {key}, and by docs/kafka.md {wanted}: {value[:200]}")
        count += 1
    if count == 0:
        sys.exit("no record came")


CLIENTS = {
    "confluent-kafka": (write_confluent, read_confluent),
    "kafka-python": (write_kafka_python, read_kafka_python),
}

match sys.argv[1:]:
    case ["write", client, servers, topic]:
        CLIENTS[client][0](servers, topic)
    case ["read", client, servers, topic]:
        for key, value in CLIENTS[client][1](servers, topic):
            sys.stdout.buffer.write((key or b"") + b"\t" + value + b"\n")
    case ["check"]:
        check()
    case _:
        sys.exit(__doc__)
