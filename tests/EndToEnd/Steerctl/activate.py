"""Starts a program with sockets as systemd does: activate.py KIND... -- PROGRAM ARGUMENT..."""
import fcntl
import os
import socket
import sys

MPTCP = 262


def create(kind):
    if kind == "file":
        return os.open("/dev/null", os.O_RDONLY)
    family = socket.AF_UNIX if kind == "unix" else socket.AF_INET
    made = socket.socket(family, socket.SOCK_DGRAM if kind == "udp" else socket.SOCK_STREAM, MPTCP if kind == "mptcp" else 0)
    made.bind(b"\0everyport-test" if kind == "unix" else ("127.0.0.1", 8080))
    if kind not in ("udp", "bound"):
        made.listen()
    return made.detach()


end = sys.argv.index("--")
kinds, program = sys.argv[1:end], sys.argv[end + 1:]
sockets = [fcntl.fcntl(create(kind), fcntl.F_DUPFD, 100) for kind in kinds]
for number, descriptor in enumerate(sockets):
    os.dup2(descriptor, 3 + number)
os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS=str(len(kinds)), LISTEN_FDNAMES=":".join(["web"] * len(kinds)))
os.execv(program[0], program)
