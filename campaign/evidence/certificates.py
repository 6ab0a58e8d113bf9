"""A test certificate for C2PA: made here, trusted by nobody, good for seeing that everything works."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from campaign.errors import InputError
from campaign.results.folder import make_folder, writing

CERTIFICATE, KEY = "c2pa-test-certificate.pem", "c2pa-test-key.pem"


def write_test_certificate(folder: Path, *, days: int) -> tuple[Path, Path]:
    """(chain, key) in `folder`; raises `InputError` when they are there, `OutputError` where the folder takes none."""
    certificate, key = folder / CERTIFICATE, folder / KEY
    if certificate.exists() or key.exists():
        raise InputError(f"{folder} has a test certificate. Remove it first or name another folder.")
    chain, private = test_certificate(days=days)
    make_folder(folder)
    with writing(folder):
        key.touch(mode=0o600)
        key.write_text(private)
        certificate.write_text(chain)
    return certificate, key


def test_certificate(*, days: int) -> tuple[str, str]:
    """(chain, key) in PEM, as C2PA wants them: a leaf for signing under an authority of its own."""
    now = datetime.now(UTC)
    authority_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    issuer = _name("campaign TEST authority")
    authority = (
        _certificate(issuer, issuer, authority_key.public_key(), now - timedelta(days=1000), 2000)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .sign(authority_key, hashes.SHA256())
    )
    start = now - timedelta(days=1 if days > 0 else 1 - days)
    leaf = (
        _certificate(
            _name("campaign TEST signer"), issuer, key.public_key(), start, (now - start).days + days
        )
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key.public_key()), critical=False
        )
        .sign(authority_key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return (leaf.public_bytes(pem) + authority.public_bytes(pem)).decode(), private.decode()


def _certificate(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, start: datetime, days: int
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=days))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _name(text: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COMMON_NAME, text),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "campaign TEST"),
        ]
    )


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )
