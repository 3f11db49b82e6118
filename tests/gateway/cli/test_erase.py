"""An erasure by a served venue: its eraser does the work, and the terminal tells how far it is."""

import hashlib
import time
from pathlib import Path

import httpx

from gateway.keys import OPERATOR, keys_file, read_keys
from gateway.service import free_port
from tests.gateway.cli.commands import ecorights, result_of
from tests.gateway.cli.test_up import serving

SECRET = "the-second-operators-secret"
ERASED_SECONDS_MAX = 20.0


class Operator:
    """Two people of the operator at a served venue."""

    def __init__(self, home: Path, port: int) -> None:
        secret = read_keys(keys_file(home, "yunxi"))[OPERATOR]
        self._secrets = {"maker": secret, "checker": SECRET}
        self._http = httpx.Client(base_url=f"http://127.0.0.1:{port}/v1")

    def post(self, path: str, body: dict[str, object], who: str = "maker") -> dict[str, str]:
        headers = {
            "Authorization": f"Bearer {self._secrets[who]}",
            "Idempotency-Key": hashlib.sha256(f"{path} {body}".encode()).hexdigest(),
        }
        answer = self._http.post(path, json=body, headers=headers)
        assert answer.status_code == 201, answer.text
        found: dict[str, str] = answer.json()
        return found

    def status_of(self, path: str) -> int:
        headers = {"Authorization": f"Bearer {self._secrets['maker']}"}
        return self._http.get(path, headers=headers).status_code

    def close(self) -> None:
        self._http.close()

    def register_and_erase(self, party: str) -> None:
        body = {"party": party, "party_kind": "person", "name": "林溪"}
        self.post("/parties", dict(body))
        assert self.status_of(f"/parties/{party}") == 200
        wish = {"kind": "erase_person", "party": party, "basis": "consent_withdrawn"}
        proposed = self.post("/proposals", {"operation": wish})
        self.post("/proposals/approvals", {"proposal": proposed["proposal"]}, "checker")
        assert self.status_of(f"/parties/{party}") == 410


def test_a_served_venue_erases_and_the_terminal_tells(tmp_path: Path) -> None:
    home = {"ECORIGHTS_HOME": str(tmp_path)}
    port = free_port("127.0.0.1")
    with serving(tmp_path, port) as said:
        assert any("Eraser ready" in line for line in said)
        operator = Operator(tmp_path, port)
        digest = hashlib.sha256(SECRET.encode()).hexdigest()
        key = {"actor": "X-22", "party": "X", "roles": ["operator"], "digest": digest}
        operator.post("/keys", dict(key))
        operator.register_and_erase("P91")
        operator.close()
        end = time.monotonic() + ERASED_SECONDS_MAX
        while (status := ecorights("erase", "status", "--json", **home)).returncode:
            assert time.monotonic() < end, status.stdout
        assert result_of(status) == {"ok": True, "erasures": 1, "owed": []}
    once = ecorights("erase", "run", "--once", **home)
    verified = result_of(ecorights("verify", "--json", **home))
    replayed = result_of(ecorights("replay", "--decide", "--json", **home))

    assert once.stdout == "personal parts of 0 persons destroyed\n"
    assert verified["ok"]
    assert replayed["ok"]
    vault = tmp_path / "vault" / "subjects.db"
    assert vault.stat().st_mode & 0o777 == 0o600
