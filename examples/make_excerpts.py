#!/usr/bin/env python3
"""Makes the excerpts beside this file from the whole recordings: make_excerpts.py DIRECTORY

Needed only to make them anew; the same input gives the same bytes.
"""

import csv
import datetime
import json
import pathlib
import sys

HERE = pathlib.Path(__file__).parent
REQUESTS, SAMPLES, MESSAGES = 2000, 2000, 500


def access_log(source):
    lines = source.read_bytes().splitlines(keepends=True)[:REQUESTS]
    (HERE / "access.log").write_bytes(b"".join(lines))


def device_series(source, device, target):
    with open(source, newline="") as recorded, open(HERE / target, "w", newline="") as out:
        rows = csv.writer(out, lineterminator="\n")
        rows.writerow(["timestamp", "device_id", "metrics.temperature"])
        for sample in list(csv.DictReader(recorded))[:SAMPLES]:
            rows.writerow([sample["timestamp"].replace(" ", "T") + "Z", device, sample["value"]])


def messages(source):
    """The texts as they were written; who wrote to whom, and when, is made up."""
    at = datetime.datetime(2025, 11, 28, 6, 0, tzinfo=datetime.timezone.utc)
    with open(HERE / "messages.ndjson", "w", encoding="utf-8") as out:
        texts = source.read_text(encoding="utf-8").splitlines()[:MESSAGES]
        for number, text in enumerate(texts):
            at += datetime.timedelta(seconds=120 + number * 7919 % 1800)
            talk = number * 7 % 37 + 1
            luck = number * 31 % 97
            agent, contact = f"agent-{talk % 5 + 1}", f"contact-{talk:03}"
            inbound = number % 3 != 0
            json.dump({
                "organization_id": f"org-{talk % 3 + 1}",
                "conversation_id": f"conv-{talk:03}",
                "sender_id": contact if inbound else agent,
                "receiver_id": agent if inbound else contact,
                "message_content": text,
                "status": "read" if luck < 60 else "delivered" if luck < 85 else "sent" if luck < 94 else "failed",
                "created_at": at.strftime("%Y-%m-%dT%H:%M:%SZ"),
            }, out, ensure_ascii=False, separators=(",", ":"))
            out.write("\n")


def main():
    data = pathlib.Path(sys.argv[1])
    access_log(data / "access-logs" / "apache_combined.log")
    series = data / "device-series"
    device_series(series / "machine_temperature_system_failure.csv", "machine-1",
                  "machine_temperature.csv")
    device_series(series / "ambient_temperature_system_failure.csv", "room-1",
                  "room_temperature.csv")
    messages(data / "messages" / "sms.txt")


if __name__ == "__main__":
    main()
