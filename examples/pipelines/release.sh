#!/usr/bin/env bash
# A release of a model in any pipeline: its version is described, measured, judged, and what was found is kept.
#
#   SYNDIC_API=https://syndic.example.org  the deployment
#   SYNDIC_TOKEN=syn_...                   a key with the scopes read and write, or what `syndic exchange` printed
#   examples/pipelines/release.sh MODEL VERSION EVALUATION.json [STAGE]
#
# EVALUATION.json holds the fields of a version, such as {"metrics": {"auc": 0.81}, "training": {"rows": 4000}}.
# Left behind: gate.md, gate.sarif, and report.html unless REPORT=no. Ends as `syndic gate` does: 0 may go, 1 refused,
# 2 bad input, 3 cannot be told.
set -euo pipefail

model=$1 version=$2 evaluation=$3 stage=${4:-production}

syndic versions add "$model" "$version" --from "$evaluation" --commit "${GIT_COMMIT:-$(git rev-parse HEAD 2>/dev/null || true)}"

rm -f gate.md gate.sarif
code=0
syndic gate "$model" --version "$version" --stage "$stage" --summary gate.md --sarif gate.sarif || code=$?

if [ "${REPORT:-yes}" != no ]; then
  # A report that is late or could not be made holds no release up: the gate has judged by the evidence itself.
  syndic reports ask --model "$model" --as html -o report.html --wait "${REPORT_WAIT:-600}" || true
fi
exit "$code"
