#!/bin/sh
# Makes a model by four processes with GNU parallel, each of which writes its
# part:
#
#   sh parallel.sh spec.json model
#
# With --sshlogin they run on other machines, which must see the folder, too.
# FANIN is where the command line is, SEED the seed.
set -eu
parallel --halt now,fail=1 deno run --no-prompt --allow-read --allow-write \
  "${FANIN:-jsr:@fanin/fanin/cli}" materialize "$1" -o "$2" \
  --seed "${SEED:-0}" --shard "{}/4" ::: 0 1 2 3
