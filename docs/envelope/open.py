"""Opens one envelope as docs/envelope-format.md describes it: JSON in (key, envelope, context), plaintext out.

usage: python3 open.py < vector.json       needs the package cryptography (Debian: python3-cryptography)
"""
import hmac, json, sys
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

CONTEXT = ("purpose", "format", "orgId", "id", "provider", "type", "version")

def derive(key, label):
    return HKDF(SHA256(), length=32, salt=b"", info=b"latchkey/" + label).derive(key)

def associated_data(context):
    parts = [str(context[name]).encode() for name in CONTEXT]
    return b"".join(len(part).to_bytes(4, "big") + part for part in parts)

def unseal(key, box, aad):
    return AESGCM(key).decrypt(box[:12], box[12:], aad)

def open_envelope(key, envelope, context):
    if len(envelope) < 129:
        raise ValueError("too_short")
    if envelope[0] != 1:
        raise ValueError("unknown_format")
    if envelope[1:9] != derive(key, b"key-id")[:8]:
        raise ValueError("unknown_key")
    aad = associated_data({**context, "format": 1})
    try:
        data_key = unseal(key, envelope[9:69], aad)
        if not hmac.compare_digest(derive(data_key, b"commitment"), envelope[69:101]):
            raise ValueError("altered")
        return unseal(data_key, envelope[101:], aad)
    except InvalidTag:
        raise ValueError("altered") from None

if __name__ == "__main__":
    vector = json.load(sys.stdin)
    key, envelope = bytes.fromhex(vector["key"]), bytes.fromhex(vector["envelope"])
    try:
        sys.stdout.buffer.write(open_envelope(key, envelope, vector["context"]))
    except ValueError as refused:
        sys.exit(str(refused))
