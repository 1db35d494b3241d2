#!/usr/bin/env python3
"""Checks the evidence of a Sousveil case. Plain Python 3, nothing to install, nothing from Sousveil itself.

    python3 verify.py FOLDER [OPENED]

FOLDER is an export (a BagIt bag) or a case. OPENED may be a folder of originals that were opened with `age`.
What is checked, in this order; the first thing that does not hold is named, and the exit code is then 1:

1. The bag: every file is as its list says (RFC 8493), where FOLDER is one.
2. The ledger: every line is numbered, names the hash of the line before it, and has the hash of its own text;
   it was signed (Ed25519, RFC 8032) by somebody who was a member of the case when it was written.
3. The checkpoint: a member signed how many lines there are and what the last one's hash is.
4. The manifest: it is the one that the ledger named last.
5. The originals: each one that the manifest names is there and unchanged, and there are no others.
6. Each opened file is an original of the manifest, whole.

What this can't show: that nobody put back a whole older state of FOLDER, ledger and checkpoint included.
Compare the head that is printed at the end with one that was written down elsewhere at the time.
"""

import base64
import hashlib
import json
import sys
from pathlib import Path

P, Q = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P


def add(one, two):
    """Add two points of the curve in extended coordinates (RFC 8032, 5.1.4)."""
    a, b = (one[1] - one[0]) * (two[1] - two[0]) % P, (one[1] + one[0]) * (two[1] + two[0]) % P
    c, d = 2 * one[3] * two[3] * D % P, 2 * one[2] * two[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(number, point):
    """Multiply a point by a number."""
    made = (0, 1, 1, 0)
    while number:
        if number & 1:
            made = add(made, point)
        point, number = add(point, point), number >> 1
    return made


def point_of(data):
    """Read a point from 32 bytes (RFC 8032, 5.1.3)."""
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & (1 << 255) - 1
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    if y >= P or (x * x - square) % P or (x == 0 and sign):
        raise ValueError("no point of the curve")
    x = P - x if x & 1 != sign else x
    return x, y, 1, x * y % P


BASE = point_of((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def is_signed(key, signature, message):
    """Whether an Ed25519 signature (64 bytes) over a message holds under a public key (32 bytes)."""
    try:
        public, point, number = (
            point_of(key),
            point_of(signature[:32]),
            int.from_bytes(signature[32:], "little"),
        )
    except ValueError:
        return False
    hashed = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % Q
    left, right = times(number, BASE), add(point, times(hashed, public))
    same = (left[0] * right[2] - right[0] * left[2]) % P == 0 == (left[1] * right[2] - right[1] * left[2]) % P
    return same and number < Q and len(signature) == 64


def sha256(path):
    """The SHA-256 of a file."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while part := file.read(1 << 20):
            digest.update(part)
    return digest.hexdigest()


def need(holds, what):
    """Stop with a sentence where something does not hold."""
    if not holds:
        raise SystemExit(f"DOES NOT HOLD: {what}")


def bag(folder):
    """Check the lists of a bag against its files."""
    for name in ("tagmanifest-sha256.txt", "manifest-sha256.txt"):
        listed = [line.split("  ", 1) for line in (folder / name).read_text("utf-8").splitlines()]
        for digest, path in listed:
            need((folder / path).is_file() and sha256(folder / path) == digest, f"{path}, which {name} lists")
    present = {path.relative_to(folder).as_posix() for path in (folder / "data").rglob("*") if path.is_file()}
    need(present == {path for _, path in listed}, "the files of the bag are those that its list names")


def ledger(folder):
    """Check every line; the lines, the members with their keys, and the hash of the manifest."""
    lines, members, proofs, manifest, entry = [], {}, {}, None, {"hash": "0" * 64}
    for number, line in enumerate((folder / "ledger.jsonl").read_bytes().split(b"\n")[:-1], 1):
        where = f"line {number} of the ledger"
        before, entry = entry["hash"], json.loads(line)
        text = json.dumps(entry, ensure_ascii=False, sort_keys=True).encode()
        need(text == line, f"{where}: it is written in the one way that a line is written")
        content = {name: value for name, value in entry.items() if name not in ("hash", "signature")}
        plain = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
        need(hashlib.sha256(plain).hexdigest() == entry["hash"], f"{where}: its hash is that of its text")
        need(
            (entry["previous"], entry["number"]) == (before, number),
            f"{where}: it follows the line before it",
        )
        who, did, detail = entry["who"], entry["did"], entry["detail"]
        if number == 1:
            members[who] = detail["signing_key"]
        elif did == "signing key named":
            answered = hashlib.sha256(bytes.fromhex(detail["answer"])).hexdigest() == proofs.pop(who, "")
            need(answered, f"{where}: who names a key has read what was sealed to them")
            members[who] = detail["signing_key"]
        need(members.get(who), f"{where}: it is by a member who has named a key")
        message = b"sousveil ledger v1\n" + entry["hash"].encode()
        holds = is_signed(bytes.fromhex(members[who]), bytes.fromhex(entry["signature"]), message)
        need(holds, f"{where}: the signature of {who}")
        if did == "member added":
            need(detail["name"] not in members, f"{where}: nobody is added twice")
            members[detail["name"]], proofs[detail["name"]] = "", detail["proof"]
        elif did == "member removed":
            members.pop(detail["name"])
            proofs.pop(detail["name"], None)
        elif did == "manifest":
            manifest = detail["sha256"]
        lines.append(entry)
    need(lines, "the ledger has lines")
    return lines, members, manifest


def checkpoint(folder, lines, members):
    """Check the signed note that says how many lines there are."""
    body, _, signed = (folder / "checkpoint").read_text("utf-8").partition("\n\n")
    origin, number, root = body.split("\n")
    _, name, mark = signed.split()
    key, mark = bytes.fromhex(members.get(name, "")), base64.b64decode(mark)
    holds = len(key) == 32 and is_signed(key, mark[4:], f"{body}\n".encode())
    need(holds, f"the checkpoint: the signature of {name}")
    need(origin == f"sousveil/{lines[0]['detail']['case']}", "the checkpoint: it is of this case")
    need(int(number) == len(lines), f"the checkpoint: the ledger has {number} lines, not {len(lines)}")
    need(base64.b64decode(root).hex() == lines[-1]["hash"], "the checkpoint: the hash of the last line")


def originals(folder, wanted):
    """Check manifest and originals; the manifest's originals by the SHA-256 of the file in clear."""
    need(sha256(folder / "manifest.json") == wanted, "the manifest is the one that the ledger named last")
    manifest = json.loads((folder / "manifest.json").read_bytes())
    need(sha256(folder / "names.age") == manifest["names"], "the sealed names of the originals")
    parts = {item["sha256"]: item for item in manifest["items"] + manifest["earlier"] if "original" in item}
    for item in parts.values():
        path = folder / "originals" / item["original"].rsplit("/", 1)[-1]
        need(path.is_file() and sha256(path) == item["sealed"]["sha256"], f"the sealed original {path.name}")
    present = {path.name for path in (folder / "originals").glob("*")} if parts else set()
    need(present == {f"{name}.age" for name in parts}, "there is no original that the manifest does not name")
    return parts


def main(arguments):
    """Check what the command line names, and say what was found."""
    if not 1 <= len(arguments) <= 2:
        raise SystemExit(__doc__)
    folder = Path(arguments[0])
    if (folder / "bagit.txt").is_file():
        bag(folder)
        folder = folder / "data"
    lines, members, manifest = ledger(folder / "custody")
    checkpoint(folder / "custody", lines, members)
    parts = originals(folder / "custody", manifest) if manifest else {}
    opened = [path for path in Path(arguments[1]).rglob("*") if path.is_file()] if len(arguments) == 2 else []
    for path in opened:
        need(sha256(path) in parts, f"{path} is an original of the manifest")
    found = f"{len(lines)} lines of the ledger, {len(parts)} originals, {len(opened)} of them opened"
    sys.stdout.write(f"Everything holds: {found}.\nHead: {len(lines)}:{lines[-1]['hash']}\n")


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        need(False, f"a file is missing or is not what it should be ({type(error).__name__})")
