"""Reads a page of metrics from stdin with the parser of Prometheus's own Python client, and prints a line for each sample:
its type, its name, its labels as JSON, its value."""

import json
import sys

from prometheus_client.parser import text_string_to_metric_families

for family in text_string_to_metric_families(sys.stdin.read()):
    for sample in family.samples:
        print(family.type, sample.name, json.dumps(sample.labels, sort_keys=True, separators=(",", ":")), float(sample.value))
