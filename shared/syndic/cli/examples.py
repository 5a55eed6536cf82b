"""One example for each command, shown at the end of its help. A test reads each as the command would."""

from __future__ import annotations

from typing import Final

import click

EXAMPLES: Final = {  # a command that has two names has one example
    "drift": "syndic drift --baseline train.csv --current today.csv",
    "baseline set": "syndic baseline set training.parquet --out baseline.json",
    "quality": "syndic quality --baseline train.csv --current today.csv --format csv",
    "performance": "syndic performance --reference old.csv --current today.csv --label repaid --prediction approved",
    "bias": "syndic bias --data decisions.csv --prediction approved --favourable 1 --protected sex=male",
    "compliance check": "syndic compliance check evidence.json --framework eu_ai_act",
    "compliance evidence": "syndic compliance evidence evidence.json -o package.zip",
    "compliance report": "syndic compliance report evidence.json -o report.pdf",
    "compliance validate": "syndic compliance validate house-rules.yaml",
    "audit erase": "syndic audit erase model/credit-3f9a11 --reason 'asked for by the person'",
    "audit export": "syndic audit export --out trail.zip --from 2026-11-01",
    "audit hold": "syndic audit hold model/credit-3f9a11 --reason 'a court asks for it'",
    "audit verify": "syndic audit verify trail.zip",
    "models approvals": "syndic models approvals credit",
    "models approve": "syndic models approve credit --role product_owner --comment 'looked at the evaluation'",
    "models card": "syndic models card credit 7 --format html -o card.html",
    "models datasheet": "syndic models datasheet credit 7",
    "models describe": "syndic models describe credit --domain credit --from profile.yaml",
    "models lineage": "syndic models lineage credit 7 --format table",
    "models list": "syndic models list --owner olga@example.org --all --format csv",
    "models policy": "syndic models policy credit strict",
    "models promote": "syndic models promote credit 7 --stage production --reason 'release 2026.11'",
    "models register": "syndic models register credit --owner olga@example.org --domain credit",
    "models reject": "syndic models reject credit --role product_owner --comment 'not enough evidence'",
    "models request": "syndic models request credit 7 --stage production",
    "models risk": "syndic models risk credit high --reason 'decides on credit of natural persons'",
    "models rollback": "syndic models rollback credit --reason 'more refusals than before'",
    "models show": "syndic models show credit",
    "models status": "syndic models status credit under_review --reason 'ready to be looked at'",
    "models versions add": "syndic models versions add credit 7 --metric auc=0.81 --rows 4000 --features 12",
    "models versions list": "syndic models versions list credit",
    "models waive": "syndic models waive credit 7 evidence:bias.run --reason 'no such attribute is known'",
    "checks ask": "syndic checks ask credit-3f9a11 --check drift --wait 300",
    "reports ask": "syndic reports ask --framework eu_ai_act --model credit-3f9a11 -o report.pdf",
    "reports download": "syndic reports download 3f9a11c04d5e -o report.pdf",
    "reports list": "syndic reports list",
    "requests receive": "syndic requests receive --right access --reference p-17 --owner dora@example.org",
    "requests list": "syndic requests list --right erasure",
    "requests show": "syndic requests show 3f9a11c04d5e77a1",
    "requests identity": "syndic requests identity 3f9a11c04d5e77a1 confirmed",
    "requests extend": "syndic requests extend 3f9a11c04d5e77a1 --reason 'many at once' --told 2026-12-01T09:00",
    "requests answer": "syndic requests answer 3f9a11c04d5e77a1 --outcome granted",
    "requests withdraw": "syndic requests withdraw 3f9a11c04d5e77a1 --reason 'not wanted any more'",
    "records add": "syndic records add --title Scoring --owner dora@example.org --model credit-3f9a11",
    "records list": "syndic records list --state draft",
    "records show": "syndic records show 3f9a11c04d5e77a1",
    "records change": "syndic records change 3f9a11c04d5e77a1 --title Scoring",
    "records confirm": "syndic records confirm 3f9a11c04d5e77a1",
    "records retire": "syndic records retire 3f9a11c04d5e77a1",
    "records export": "syndic records export --as csv -o processing.csv",
    "erase plan": "syndic erase plan credit-3f9a11 --column customer --id 4711 --reason 'asked by the person'",
    "erase show": "syndic erase show credit-3f9a11.e00000001 --objects",
    "erase list": "syndic erase list --model credit-3f9a11",
    "erase apply": "syndic erase apply credit-3f9a11.e00000001 --plan 3f9a11c04d5e77a1",
    "training record": "syndic training record --person ana --role analyst --title Basics --completed 2026-11-02",
    "training list": "syndic training list --subject ai_literacy",
    "training end": "syndic training end 3f9a11c04d5e77a1 --reason 'left the organisation'",
    "training assign": "syndic training assign --person ana --model credit-3f9a11 --owner cora@example.org",
    "training assignments": "syndic training assignments --model credit-3f9a11",
    "training accept": "syndic training accept 3f9a11c04d5e77a1",
    "policies templates": "syndic policies templates",
    "policies template": "syndic policies template ai_use -o ai-use.md",
    "policies draft": "syndic policies draft --template ai_use --owner cora@example.org",
    "policies list": "syndic policies list --state in_force",
    "policies put": "syndic policies put 3f9a11c04d5e77a1 --file ai-use.md --version 1 --location https://x.example",
    "policies acknowledge": "syndic policies acknowledge 3f9a11c04d5e77a1 --file ai-use.md",
    "policies review": "syndic policies review 3f9a11c04d5e77a1",
    "incidents open": "syndic incidents open --title 'Refusals' --owner olga@example.org --role provider",
    "incidents list": "syndic incidents list --state reportable",
    "incidents show": "syndic incidents show 3f9a11c04d5e77a1",
    "incidents assess": "syndic incidents assess 3f9a11c04d5e77a1 --serious yes --harm health --breach unknown",
    "incidents report": "syndic incidents report 3f9a11c04d5e77a1 --to market_surveillance_authority -o draft.md",
    "incidents measure": "syndic incidents measure 3f9a11c04d5e77a1 --title Undo --owner olga --due 2026-12-24",
    "incidents done": "syndic incidents done 3f9a11c04d5e77a1 77a13f9a11c0",
    "incidents close": "syndic incidents close 3f9a11c04d5e77a1 --root-cause 'wrong unit' --conclusion 'now checked'",
    "incidents reopen": "syndic incidents reopen 3f9a11c04d5e77a1 --reason 'it happened again'",
    "gate": "syndic gate credit --stage production --version 7 --sarif gate.sarif",
    "sign-in": "export SYNDIC_TOKEN=$(syndic sign-in https://syndic.example.org)",
    "doctor": "syndic doctor",
    "verify-deployment": "syndic verify-deployment --outputs build/outputs.json",
    "import mlflow": "syndic import mlflow https://mlflow.example.org",
    "completion": "syndic completion bash > ~/.local/share/bash-completion/completions/syndic",
}


def with_example(command: click.Command, path: str) -> click.Command:
    """The command, and those below it, with their examples in their help."""
    if isinstance(command, click.Group):
        for name, below in command.commands.items():
            with_example(below, f"{path} {name}")
    example = EXAMPLES.get(path)
    if example is not None and "Example:" not in (command.epilog or ""):
        command.epilog = f"{command.epilog} Example: {example}" if command.epilog else f"Example: {example}"
    return command
