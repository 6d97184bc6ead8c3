#!/usr/bin/env bash
# A function of Direktiv: its input is the file data.in, its result the file data.out, both JSON.
set -euo pipefail
cd "${DIREKTIV_DIR:-/direktiv-data}"

# fail CODE MESSAGE: what the workflow can catch by its code.
fail() {
  jq -n --arg code "$1" --arg message "$2" '{errorCode: $code, errorMessage: $message}' > error.json
  exit 0
}

name=$(jq -r '.name? // empty' data.in)
if [ -z "$name" ]; then
  fail greet.noName "the input has no name"
fi

echo "greeting $name" # a line of the instance's log
jq -n --arg name "$name" '{greeting: ("Hello, " + $name + "!")}' > data.out
