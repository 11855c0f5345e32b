"""A certificate authority of this installation's own, and the certificate it gives this machine.

A phone takes an installed app, its camera and its position only from a secure address. Where the
bureau has no name and no certificate yet, the installation makes an authority once; each phone is
told once to trust it, and from then on this machine's address is secure to it. The authority may
sign for private addresses only (RFC 5280, name constraints): whoever steals its key still cannot
pose as a bank.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from server.once import write_once

AUTHORITY_YEARS = 10
# iPhones refuse a server's certificate that is good for longer than 825 days.
SERVER_DAYS = 397
RENEW_DAYS = 30
# RFC 1918, and this machine itself for trying it out
PRIVATE = tuple(
    ipaddress.IPv4Network(one)
    for one in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8")
)

Address = ipaddress.IPv4Address


@dataclass(frozen=True, slots=True)
class Files:
    """What a server needs to answer securely, and what a phone has to trust."""

    certificate: Path
    key: Path
    authority: Path


def ensure_certificate(folder: Path, addresses: Iterable[Address], now: datetime) -> Files:
    """Makes the authority where there is none, and a certificate for exactly these addresses where
    the present one is for others or ends within RENEW_DAYS. ``now`` has a time zone."""
    files = Files(
        certificate=folder / "office_network.crt",
        key=folder / "office_network.key",
        authority=folder / "office_authority.crt",
    )
    authority_key = _ensure_key(folder / "office_authority.key")
    if not files.authority.exists():
        write_once(files.authority, _pem(_authority(authority_key, now)))
    wanted = sorted(set(addresses))
    if not _is_good(files, wanted, now):
        key = ec.generate_private_key(ec.SECP256R1())
        issuer = x509.load_pem_x509_certificate(files.authority.read_bytes())
        made = _server(key, wanted, issuer, authority_key, now)
        for path, content in ((files.key, _key_pem(key)), (files.certificate, _pem(made))):
            path.unlink(missing_ok=True)
            write_once(path, content)
    return files


def may_sign_for(address: Address) -> bool:
    """Whether the authority's own constraints let it."""
    return any(address in network for network in PRIVATE)


def fingerprint(authority: Path) -> str:
    """SHA-256 of the authority's certificate as phones show it, in pairs."""
    certificate = x509.load_pem_x509_certificate(authority.read_bytes())
    return certificate.fingerprint(hashes.SHA256()).hex(":").upper()


def _authority(key: ec.EllipticCurvePrivateKey, now: datetime) -> x509.Certificate:
    name = _name(f"随查 Suicha {now:%Y-%m-%d}")
    private = [x509.IPAddress(one) for one in PRIVATE]
    usage = x509.KeyUsage(
        digital_signature=False, content_commitment=False, key_encipherment=False,
        data_encipherment=False, key_agreement=False, key_cert_sign=True, crl_sign=True,
        encipher_only=False, decipher_only=False,
    )  # fmt: skip
    return (
        _begin(name, name, key, now, timedelta(days=365 * AUTHORITY_YEARS))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        # An empty name is none: this authority vouches for no host name at all.
        .add_extension(x509.NameConstraints([*private, x509.DNSName("invalid")], None), True)
        .add_extension(_identifier(key), critical=False)
        .sign(key, hashes.SHA256())
    )


def _server(
    key: ec.EllipticCurvePrivateKey,
    addresses: list[Address],
    issuer: x509.Certificate,
    issuer_key: ec.EllipticCurvePrivateKey,
    now: datetime,
) -> x509.Certificate:
    # The common name has a blank: one that looks like a host is held against the constraints.
    names = x509.SubjectAlternativeName([x509.IPAddress(one) for one in addresses])
    usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])
    above = x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key())
    return (
        _begin(
            _name(f"随查 Suicha {addresses[0]}"),
            issuer.subject,
            key,
            now,
            timedelta(days=SERVER_DAYS),
        )
        .add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=False)
        .add_extension(above, critical=False)
        .add_extension(_identifier(key), critical=False)
        .sign(issuer_key, hashes.SHA256())
    )


def _begin(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    now: datetime,
    lasts: timedelta,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        # A phone's clock may be behind.
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + lasts)
    )


def _is_good(files: Files, addresses: list[Address], now: datetime) -> bool:
    if not (files.certificate.exists() and files.key.exists()):
        return False
    present = x509.load_pem_x509_certificate(files.certificate.read_bytes())
    issuer = x509.load_pem_x509_certificate(files.authority.read_bytes())
    names = present.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return (
        present.issuer == issuer.subject
        and sorted(names.get_values_for_type(x509.IPAddress), key=str) == sorted(addresses, key=str)
        and present.not_valid_after_utc - now > timedelta(days=RENEW_DAYS)
    )


def _ensure_key(path: Path) -> ec.EllipticCurvePrivateKey:
    if not path.exists():
        write_once(path, _key_pem(ec.generate_private_key(ec.SECP256R1())))
    key = serialization.load_pem_private_key(path.read_bytes(), None)
    assert isinstance(key, ec.EllipticCurvePrivateKey), f"{path} holds another kind of key"
    return key


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _identifier(key: ec.EllipticCurvePrivateKey) -> x509.SubjectKeyIdentifier:
    return x509.SubjectKeyIdentifier.from_public_key(key.public_key())


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def _key_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
