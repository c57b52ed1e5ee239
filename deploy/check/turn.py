"""Asks a TURN server for a relay as a browser does, by UDP and by TLS, and tries whom it may reach.

    turn.py SECRET PORT TLS_PORT      on 127.0.0.1
"""

import base64
import hashlib
import hmac
import ipaddress
import os
import socket
import ssl
import struct
import sys
import time

COOKIE = 0x2112A442
ALLOCATE, PERMIT = 0x0003, 0x0008
USERNAME, INTEGRITY, ERROR, PEER, REALM, NONCE, TRANSPORT = 0x0006, 0x0008, 0x0009, 0x0012, 0x0014, 0x0015, 0x0019

PRIVATE = """0.0.0.1 10.1.2.3 100.64.0.1 127.0.0.1 169.254.169.254 172.16.0.1 172.31.255.254 192.168.1.1 198.18.0.1
240.0.0.1 255.255.255.255""".split()
PUBLIC = "1.1.1.1 8.8.8.8 172.32.0.1 192.169.0.1".split()


class Client:
    def __init__(self, sock, secret, username=None):
        self.sock = sock
        sock.settimeout(5)
        self.username = (username or f"{int(time.time()) + 60}:ann").encode()
        self.password = base64.b64encode(hmac.digest(secret.encode(), self.username, "sha1"))
        self.realm = self.nonce = None

    def ask(self, method, *attributes):
        """The code of the answer: 0, or that of the error."""
        signed = list(attributes)
        if self.nonce:
            signed += [(USERNAME, self.username), (REALM, self.realm), (NONCE, self.nonce)]
        body = b"".join(struct.pack("!HH", kind, len(value)) + value + b"\0" * (-len(value) % 4) for kind, value in signed)
        head = struct.pack("!I12s", COOKIE, os.urandom(12))
        if self.nonce:
            # The length that is signed counts the signature too.
            message = struct.pack("!HH", method, len(body) + 24) + head + body
            key = hashlib.md5(b":".join((self.username, self.realm, self.password))).digest()
            body += struct.pack("!HH", INTEGRITY, 20) + hmac.digest(key, message, "sha1")
        self.sock.send(struct.pack("!HH", method, len(body)) + head + body)
        return self.read(self.sock.recv(65536))

    def read(self, answer):
        at, code = 20, 0
        while at + 4 <= len(answer):
            kind, length = struct.unpack_from("!HH", answer, at)
            value = answer[at + 4 : at + 4 + length]
            at += 4 + length + -length % 4
            if kind == ERROR:
                code = value[2] * 100 + value[3]
            elif kind == REALM:
                self.realm = value
            elif kind == NONCE:
                self.nonce = value
        return code

    def allocate(self):
        udp = (TRANSPORT, struct.pack("!BBH", 17, 0, 0))
        first = self.ask(ALLOCATE, udp)
        assert first == 401, f"without credentials: {first}, not 401"
        return self.ask(ALLOCATE, udp)

    def permit(self, address):
        number = int(ipaddress.IPv4Address(address)) ^ COOKIE
        return self.ask(PERMIT, (PEER, struct.pack("!BBHI", 0, 1, 9 ^ COOKIE >> 16, number)))


secret, port, tls_port = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])


def by_udp():
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.connect(("127.0.0.1", port))
    return sock


def by_tls():
    trusting = ssl.create_default_context()
    trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
    return trusting.wrap_socket(socket.create_connection(("127.0.0.1", tls_port)))


for connect in (by_udp, by_tls):
    client = Client(connect(), secret)
    code = client.allocate()
    assert code == 0, f"{connect.__name__}: no relay: {code}"
    for address in PRIVATE:
        code = client.permit(address)
        assert code == 403, f"{connect.__name__}: {address} may be reached: {code}"
    for address in PUBLIC:
        code = client.permit(address)
        assert code == 0, f"{connect.__name__}: {address} may not be reached: {code}"
code = Client(by_udp(), "another secret").allocate()
assert code == 401, f"a wrong secret: {code}"
code = Client(by_udp(), secret, f"{int(time.time()) - 60}:ann").allocate()
assert code == 401, f"credentials that have ended: {code}"
