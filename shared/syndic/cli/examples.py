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
    "incidents open": "syndic incidents open --title 'Refusals' --owner olga@example.org --role provider",
    "incidents list": "syndic incidents list --state reportable",
    "incidents show": "syndic incidents show 3f9a11c04d5e77a1",
    "incidents assess": "syndic incidents assess 3f9a11c04d5e77a1 --serious yes --harm health --breach unknown",
    "incidents report": "syndic incidents report 3f9a11c04d5e77a1 --to market_surveillance_authority -o draft.md",
    "incidents measure": "syndic incidents measure 3f9a11c04d5e77a1 --title Undo --owner olga --due 2026-12-24",
    "incidents done": "syndic incidents done 3f9a11c04d5e77a1 77a13f9a11c0",
    "incidents close": "syndic incidents close 3f9a11c04d5e77a1 --root-cause 'wrong unit' --conclusion 'now checked'",
    "incidents reopen": "syndic incidents reopen 3f9a11c04d5e77a1 --reason 'it happened again'",
    "risks add": "syndic risks add --title 'Refuses the old' --owner olga@example.org --kind fundamental_rights",
    "risks list": "syndic risks list --state assessed",
    "risks show": "syndic risks show 3f9a11c04d5e77a1",
    "risks assess": "syndic risks assess 3f9a11c04d5e77a1 --likelihood likely --impact major --reason 'seen twice'",
    "risks control": "syndic risks control 3f9a11c04d5e77a1 --title Review --owner olga --due 2026-12-24",
    "risks done": "syndic risks done 3f9a11c04d5e77a1 77a13f9a11c0",
    "risks decide": "syndic risks decide 3f9a11c04d5e77a1 accept --role owner --reason 'rare now' --until 2027-06-30",
    "risks review": "syndic risks review 3f9a11c04d5e77a1 --note 'no refusal without a second look'",
    "risks close": "syndic risks close 3f9a11c04d5e77a1 --conclusion 'the model was retired'",
    "risks file": "syndic risks file credit-3f9a11 -o file.md",
    "gate": "syndic gate credit --stage production --version 7 --sarif gate.sarif",
    "trace": "syndic trace credit-3f9a11 7f1c02 --at 2026-11-30T09:00Z",
    "shadow": "syndic shadow credit-3f9a11 --hours 48",
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
