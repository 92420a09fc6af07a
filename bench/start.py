"""Tell, in seconds since 1970 and as one line of JSON, when the first line of a program runs, when torch is imported, and when the last line runs."""

import time

first = time.time()

import json  # noqa: E402

import torch  # noqa: E402, F401

print(json.dumps({"first": first, "imported": time.time(), "last": time.time()}), flush=True)
