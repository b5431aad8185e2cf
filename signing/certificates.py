"""Certificates: a root, one leaf per use and year, and the root's list of withdrawn leaves.

These are the installation's own X.509 certificates. A production installation puts leaves from a
licensed authority in their place; the form (SAN URI = issuer, OU = use) stays the same.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from signing.errors import SigningError
from signing.keys import SigningKey, Use, public_jwk, thumbprint


@dataclass(frozen=True, slots=True, eq=False)
class Root:
    """The key that certifies the others. It signs leaves, never a document."""

    private: ec.EllipticCurvePrivateKey = field(repr=False)
    certificate: x509.Certificate = field(repr=False)


def new_root(*, common_name: str, not_before: datetime, not_after: datetime) -> Root:
    """Make a root key with its self-signed certificate."""
    private = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])
    unsigned = (
        _certificate(name, name, private.public_key(), not_before, not_after)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_key_usage(certifies=True), critical=True)
    )
    return Root(private, unsigned.sign(private, SHA256()))


def new_leaf(
    root: Root,
    *,
    use: Use,
    issuer_uri: str,
    common_name: str,
    not_before: datetime,
    not_after: datetime,
) -> SigningKey:
    """Make a signing key for one use, certified by the root.

    Raises:
        SigningError: the period is not within the root's.
    """
    private = ec.generate_private_key(ec.SECP256R1())
    leaf = certify(
        root,
        private.public_key(),
        use=use,
        issuer_uri=issuer_uri,
        common_name=common_name,
        not_before=not_before,
        not_after=not_after,
    )
    return signing_key(private, (leaf,))


def certify(
    root: Root,
    public_key: ec.EllipticCurvePublicKey,
    *,
    use: Use,
    issuer_uri: str,
    common_name: str,
    not_before: datetime,
    not_after: datetime,
) -> x509.Certificate:
    """Return a leaf for a key that was made elsewhere, such as in a hardware token.

    Raises:
        SigningError: the period is not within the root's.
    """
    certifier = root.certificate
    if not (certifier.not_valid_before_utc <= not_before < not_after):
        raise SigningError("a leaf begins within its root's period and before it ends")
    if not_after > certifier.not_valid_after_utc:
        raise SigningError("a leaf may not outlive its root")
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, use.value),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
        ]
    )
    authority = x509.AuthorityKeyIdentifier.from_issuer_public_key(root.private.public_key())
    alternative = x509.SubjectAlternativeName([x509.UniformResourceIdentifier(issuer_uri)])
    unsigned = (
        _certificate(subject, certifier.subject, public_key, not_before, not_after)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_key_usage(repudiable=use is not Use.PDF), critical=True)
        .add_extension(alternative, critical=False)
        .add_extension(authority, critical=False)
    )
    return unsigned.sign(root.private, SHA256())


def revocation_list(
    root: Root,
    withdrawn: Mapping[x509.Certificate, datetime],
    *,
    number: int,
    issued_at: datetime,
    next_at: datetime,
) -> bytes:
    """Return the root's list of withdrawn leaves (CRL, DER), as PDFs of level B-LT carry it.

    `number` grows with each list. Source: RFC 5280 section 5.
    """
    authority = x509.AuthorityKeyIdentifier.from_issuer_public_key(root.private.public_key())
    unsigned = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(root.certificate.subject)
        .last_update(issued_at)
        .next_update(next_at)
        .add_extension(authority, critical=False)
        .add_extension(x509.CRLNumber(number), critical=False)
    )
    for leaf, since in withdrawn.items():
        entry = x509.RevokedCertificateBuilder().serial_number(leaf.serial_number)
        unsigned = unsigned.add_revoked_certificate(entry.revocation_date(since).build())
    return unsigned.sign(root.private, SHA256()).public_bytes(Encoding.DER)


def signing_key(
    private: ec.EllipticCurvePrivateKey, chain: tuple[x509.Certificate, ...]
) -> SigningKey:
    """Join a private key to the certificate chain that names its use and period.

    Raises:
        SigningError: the leaf certifies another key, or names no use.
    """
    if not chain or chain[0].public_key() != private.public_key():
        raise SigningError("the certificate is not this key's")
    leaf = chain[0]
    return SigningKey(
        kid=thumbprint(public_jwk(private.public_key())),
        use=use_of(leaf),
        private=private,
        chain=chain,
        not_before=leaf.not_valid_before_utc,
        not_after=leaf.not_valid_after_utc,
    )


def use_of(leaf: x509.Certificate) -> Use:
    """Return the use that a leaf names in its subject's OU.

    Raises:
        SigningError: it names none, or one that we do not know.
    """
    units = leaf.subject.get_attributes_for_oid(NameOID.ORGANIZATIONAL_UNIT_NAME)
    try:
        (unit,) = units
        return Use(str(unit.value))
    except ValueError:
        raise SigningError("the certificate names no single use that we know") from None


def issuer_of(leaf: x509.Certificate) -> str:
    """Return the issuer URI in a leaf's subject alternative name.

    Raises:
        SigningError: there is not exactly one URI.
    """
    try:
        names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        (uri,) = names.get_values_for_type(x509.UniformResourceIdentifier)
    except (x509.ExtensionNotFound, ValueError):
        raise SigningError("the certificate names no single issuer URI") from None
    return uri


@lru_cache(maxsize=64)  # reading a certificate costs as much as signing
def check_issuer(signer: SigningKey, issuer: str) -> None:
    """Refuse to sign in the name of anybody but the issuer that the key is certified for.

    Raises:
        SigningError: the certificate names another issuer.
    """
    if issuer_of(signer.chain[0]) != issuer:
        raise SigningError("the key is certified for another issuer")


def _certificate(
    subject: x509.Name,
    issuer: x509.Name,
    public_key: ec.EllipticCurvePublicKey,
    not_before: datetime,
    not_after: datetime,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(not_before)
        .not_valid_after(not_after)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public_key), critical=False)
    )


def _key_usage(*, certifies: bool = False, repudiable: bool = True) -> x509.KeyUsage:
    """Return the key usage; PDF readers ask for content commitment on a document seal."""
    return x509.KeyUsage(
        digital_signature=not certifies,
        content_commitment=not (certifies or repudiable),
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=certifies,
        crl_sign=certifies,
        encipher_only=False,
        decipher_only=False,
    )
