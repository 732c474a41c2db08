#!/bin/sh
# Generated from environments/Production.swift by `make generate`. Edit the Swift, not this.
# Runs on every node, in a container like any other: what its engine adds to each shows here, and
# the kernel's clock is the node's. (F2, S18-HS-09)
set -eu
kept=$(sed -n 's/^NoNewPrivs:[^0-9]*//p' /proc/self/status)
clock=$(adjtimex)
case ${clock} in
  *'clock not synchronized'*) in_time=0 ;;
  *) in_time=1 ;;
esac
echo "node ${NODE:?} privileges ${kept:?} time ${in_time}"
