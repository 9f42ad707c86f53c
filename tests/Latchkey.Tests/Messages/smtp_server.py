"""An SMTP server for tests: prints every command line and every message it takes as one line of JSON.

smtp_server.py PORT [--user USER --password PASSWORD] [--cert FILE --key FILE] [--refuse ADDRESS]
"""
import argparse
import asyncio
import email
import email.header
import email.policy
import email.utils
import json
import logging
import ssl

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

options = argparse.ArgumentParser()
options.add_argument("port", type=int)
options.add_argument("--user")
options.add_argument("--password")
options.add_argument("--cert")
options.add_argument("--key")
options.add_argument("--refuse")
given = options.parse_args()


def say(**what):
    print(json.dumps(what), flush=True)


class Commands(logging.Handler):
    """aiosmtpd logs each line that a client sends as '<peer> >> <line>'."""

    def emit(self, record):
        message = record.getMessage()
        if " >> " in message:
            say(command=message.split(" >> ", 1)[1])


class Server(SMTP):
    """Takes SASL mechanisms in any case, as servers do; .NET writes AUTH login."""

    async def smtp_AUTH(self, arg):
        mechanism, *rest = (arg or "").split(" ", 1)
        await super().smtp_AUTH(" ".join([mechanism.upper(), *rest]))


class Taker:
    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):
        if address == given.refuse:
            return "550 5.1.1 no such mailbox here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        parts = {part.get_content_type(): part.get_content() for part in message.walk() if not part.is_multipart()}
        name, address = email.utils.parseaddr(email.message_from_bytes(envelope.content)["from"])
        say(
            senderName=str(email.header.make_header(email.header.decode_header(name))),
            senderAddress=address,
            headers=list(message.keys()),
            longestLine=max(len(line) for line in envelope.content.split(b"\r\n")),
            sender=envelope.mail_from,
            recipients=envelope.rcpt_tos,
            subject=message["subject"],
            to=message["to"],
            shownSender=message["from"],
            text=parts.get("text/plain"),
            html=parts.get("text/html"),
            user=session.auth_data.decode() if session.authenticated else None,
            encrypted=session.ssl is not None,
        )
        return "250 OK"


def authenticate(server, session, envelope, mechanism, data):
    good = isinstance(data, LoginPassword) and data.login == given.user.encode() and data.password == given.password.encode()
    return AuthResult(success=good, auth_data=data.login if good else None)


async def main():
    logging.getLogger("mail.log").setLevel(logging.DEBUG)
    logging.getLogger("mail.log").addHandler(Commands())
    more = {}
    if given.user:
        more = {"authenticator": authenticate, "auth_required": True, "auth_require_tls": False}
    if given.cert:
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(given.cert, given.key)
        more["tls_context"] = tls
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Server(Taker(), enable_SMTPUTF8=True, **more), "127.0.0.1", given.port)
    say(ready=True)
    await server.serve_forever()


asyncio.run(main())
