"""An SMTP server written by others (aiosmtpd), for tests of our mail.

    smtp_server.py --keys FOLDER [--port N] --into FOLDER

It offers STARTTLS with server.pem of the folder of keys and takes letters only
encrypted, from "heat" with the password "s3cret". Each letter it takes it reads
with Python's email package and writes as JSON into a file of the other folder,
1.json, 2.json, …: envelope, headers, body as text, defects.

It prints "ready PORT" when it listens on 127.0.0.1:PORT.
"""

import argparse
import email
import email.policy
import itertools
import json
import os
import socket
import ssl
import time
import warnings

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult


warnings.simplefilter("ignore")


class Handler:
    def __init__(self, into):
        self.into, self.numbers = into, itertools.count(1)

    async def handle_DATA(self, server, session, envelope):
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        text = json.dumps({
            "mail_from": envelope.mail_from, "rcpt_tos": envelope.rcpt_tos, "encrypted": session.ssl is not None,
            "headers": {k.lower(): str(v) for k, v in message.items()}, "body": message.get_content(),
            "defects": [str(d) for d in message.defects] + [str(d) for v in message.values() for d in v.defects],
        })
        path = os.path.join(self.into, "%d.json" % next(self.numbers))
        with open(path + ".part", "w") as f:
            f.write(text)
        os.rename(path + ".part", path)
        return "250 taken"


def authenticate(server, session, envelope, mechanism, data):
    return AuthResult(success=data.login == b"heat" and data.password == b"s3cret")


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--keys", required=True)
    p.add_argument("--into", required=True)
    p.add_argument("--port", type=int, default=0)
    a = p.parse_args()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(os.path.join(a.keys, "server.pem"))
    port = a.port
    if port == 0:
        with socket.socket() as s:
            s.bind(("127.0.0.1", 0))
            port = s.getsockname()[1]
    controller = Controller(Handler(a.into), hostname="127.0.0.1", port=port, tls_context=context, require_starttls=True,
                            authenticator=authenticate, auth_required=True)
    controller.start()
    print("ready", port, flush=True)
    while True:
        time.sleep(3600)


main()
