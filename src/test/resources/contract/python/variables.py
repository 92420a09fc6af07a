"""Prints the variables that it was started with."""

import os

for name, value in os.environ.items():
    print(f"{name}={value}")
