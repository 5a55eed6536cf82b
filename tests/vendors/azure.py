"""Azure's control plane with a rule that no emulator has: roles are known everywhere only after minutes."""

from __future__ import annotations

from typing import Any

from tests.infra.fake_arm import FakeArm, error
from tests.vendors.rules import Rule

PROPAGATION = Rule(
    "a new role assignment takes up to ten minutes to be known everywhere",
    "Azure RBAC documentation, troubleshooting: role assignment changes are not being detected; for Flex Consumption "
    "ZeroFailed.Deploy.Azure 1.8.4 retries 'BlobUploadFailedException ... 403', as Azure/azure-functions-core-tools "
    "issue 4346 shows it",
)


class SlowRoles(FakeArm):
    """The app's upload is refused until the roles of the stack have been there for so many requests.

    A refused upload is a failed deployment, for good: only another deployment tries again.
    """

    def __init__(self, fake: FakeArm, *, requests: int) -> None:
        super().__init__(polls=fake.polls)
        self.groups, self.resources = fake.groups, fake.resources
        self.known_after, self._since = requests, 0

    def answer(self, method: str, url: str, headers: dict[str, str], data: bytes) -> tuple[int, Any, dict[str, str]]:
        if any("roleAssignments" in name for name in self.resources.there):
            self._since += 1
        if self._since >= self.known_after:
            self.failing.pop("syndic-package", None)
        else:
            inner = "BlobUploadFailedException: Failed to upload blob to storage account: status code 403 (Forbidden)"
            failed = error(
                "DeploymentFailed", "At least one operation failed.", {"code": "BadRequest", "message": inner}
            )
            self.failing["syndic-package"] = {"state": "Failed", "error": failed["error"]}
        return super().answer(method, url, headers, data)
