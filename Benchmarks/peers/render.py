"""Evaluates a Jsonnet program and says how many bytes of JSON came out."""

import sys

import _jsonnet

print(len(_jsonnet.evaluate_file(sys.argv[1]).encode()), "bytes")
