from __future__ import annotations

from pathlib import Path

import pytest

from tests.infra.conftest import Assembly, assembly, release, synthesise  # noqa: F401 - fixtures
from tests.once import once

SIGN_IN = """{
  "name": "Okta",
  "oidc": {"issuer": "https://acme.okta.com", "client_id": "0oa",
           "client_secret_arn": "arn:aws:secretsmanager:eu-central-1:123456789012:secret:okta-AbCdEf"},
  "claims": {"email_verified": "email_verified"},
  "groups": {"Governance Admins": "admin", "Risk": "risk_owner"}
}"""
KEY = "arn:aws:kms:eu-central-1:123456789012:key/0a1b2c3d"
EXECUTION_ROLE = "arn:aws:iam::123456789012:role/serve"


@pytest.fixture(scope="session")
def optioned(release: Path, tmp_path_factory: pytest.TempPathFactory) -> Assembly:  # noqa: F811
    """The stack with what the default leaves out: no CloudFront, an external provider, keys and roles, nothing kept."""
    assert release.is_dir()

    def make(folder: Path) -> None:
        home = tmp_path_factory.mktemp("home")
        (home / "sign-in.json").write_text(SIGN_IN, "utf-8")
        synthesise(
            folder, "site=api", f"sign_in={home / 'sign-in.json'}", "keep_data=no", "lambda_quota=1000",
            f"capture_keys={KEY}", "erase_captures=yes",
            f"endpoint_roles={EXECUTION_ROLE}", "mail_from=syndic@example.com",
            "rollout_endpoints=shop,credit-*", "package_groups=credit-*",
            "member_accounts=111122223333", "member_external_id=only-us", home=home,
        )  # fmt: skip

    return Assembly(once(tmp_path_factory, "synthesised-optioned", make))
