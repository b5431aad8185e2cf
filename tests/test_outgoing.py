"""Requests of ours to others: only to addresses from the settings, and never where they lead on."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ASKING = {
    "api/app_client.py",
    "api/app_mount.py",
    "api/login_provider.py",
    "api/sandbox/portal.py",
    "api/sandbox/registers.py",
    "labour_book/registers/client.py",
    "labour_book/registers/reaching.py",
    "labour_book/services/connections.py",
    "labour_book/services/time_stamping.py",
}
"""Each asks an address of the settings; the sandbox and the app's mount ask this process itself."""
SOURCES = [
    path
    for folder in ("api", "labour_book", "signing")
    for path in sorted((ROOT / folder).rglob("*.py"))
]
NETWORK = {"httpx", "requests", "urllib.request", "aiohttp", "http.client", "ftplib"}


def imported(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {each.name for each in node.names}
        if isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


class TestOutgoing:
    def test_is_done_by_few(self) -> None:
        """Whoever is added here has been looked at: where does the address come from?"""
        asking = {
            str(path.relative_to(ROOT))
            for path in SOURCES
            if imported(path) & (NETWORK - {"socket"})
        }

        assert asking <= ASKING

    @pytest.mark.parametrize("path", sorted(ASKING))
    def test_follows_no_redirect(self, path: str) -> None:
        """A register that leads to a metadata host leads nowhere: httpx follows only when told."""
        text = (ROOT / path).read_text(encoding="utf-8")

        assert "follow_redirects=True" not in text

    def test_to_registers_takes_no_address_from_a_caller(self) -> None:
        """No model of the interface has a field that is an address to ask."""
        named = []
        for path in (ROOT / "api" / "routes").rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
                    kind = ast.unparse(node.annotation)
                    if "HttpUrl" in kind or "AnyUrl" in kind:
                        named.append(f"{path.name}: {node.target.id}")

        assert named == []
