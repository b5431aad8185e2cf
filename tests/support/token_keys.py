"""Make all keys of an installation in a hardware token, as its operator would beforehand.

Run as a program: the library of a token reads its configuration once a process.
"""

import sys
from datetime import UTC, datetime
from pathlib import Path

import signing

BEGIN, END = datetime(2026, 1, 1, tzinfo=UTC), datetime(2040, 1, 1, tzinfo=UTC)


def main(library: str, label: str, pin: str, issuer: str, folder: Path) -> None:
    """Write the certificates of root and keys into the folder; no private key."""
    folder.mkdir(parents=True)
    root = signing.new_root(common_name="Root", not_before=BEGIN, not_after=END)
    signing.write_certificates(folder / "root.pem", [root.certificate])
    with signing.open_token(Path(library), token=label, pin=pin) as token:
        for use in signing.Use:
            leaf = signing.certify(
                root,
                token.new_key(f"made-elsewhere-{use}"),
                use=use,
                issuer_uri=issuer,
                common_name=f"Token {use}",
                not_before=BEGIN,
                not_after=END,
            )
            signing.write_certificates(folder / f"{use}.pem", [leaf])


if __name__ == "__main__":
    main(*sys.argv[1:5], folder=Path(sys.argv[5]))
