#!/usr/bin/env bash
# Checks a delivery as a CI job does: a report for the job's page, annotations in its log, and the exit code.
#
#   check_delivery.sh DELIVERY RESULTS
#
# 0: nothing new. 1: new findings. 2 and above: the check itself could not be made.
set -euo pipefail
delivery=$1
results=$2
mkdir -p "$results"

status=0
ipvi validate "$delivery" --format sarif --out "$results/findings.sarif" --quiet || status=$?
if [ "$status" -gt 1 ]; then
  exit "$status"
fi
ipvi validate "$delivery" --format github
