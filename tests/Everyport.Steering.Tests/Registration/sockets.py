"""A server for tests that knows nothing of steering: sockets.py NAME SOCKET...

Each connection and datagram is answered with NAME. A SOCKET is KIND/ADDRESS/PORT, with one of the kinds below; 'child:' before it has it
made by a process of its own that this one starts. 'nc/ADDRESS/PORT' starts another program that listens there.
"""
import ctypes
import os
import signal
import socket
import subprocess
import sys
import threading
import time

KILL_WITH_PARENT = lambda: ctypes.CDLL(None).prctl(1, signal.SIGKILL)
MPTCP = 262


def create(kind, address, port):
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    datagrams = kind in ("udp", "connected")
    made = socket.socket(family, socket.SOCK_DGRAM if datagrams else socket.SOCK_STREAM, MPTCP if kind == "mptcp" else 0)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if kind == "reuseport":
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    if family == socket.AF_INET6:
        made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0 if kind == "dual" else 1)
    made.bind((address, int(port)))
    if kind == "connected":
        made.connect((address, 9))
    elif kind not in ("udp", "bound"):
        made.listen(1024)
    return made


def accept_all(listener, name):
    while True:
        connection, _ = listener.accept()
        connection.sendall(name.encode())
        connection.close()


def answer_all(listener, name):
    while True:
        _, sender = listener.recvfrom(2048)
        listener.sendto(name.encode(), sender)


def serve(kind, address, port, name):
    made = create(kind, address, port)
    if kind not in ("connected", "bound"):
        threading.Thread(target=answer_all if kind == "udp" else accept_all, args=(made, name), daemon=True).start()
    return made


name, kept = sys.argv[1], []
for text in sys.argv[2:]:
    in_child = text.startswith("child:")
    kind, address, port = text.removeprefix("child:").rsplit("/", 2)
    if kind == "nc":
        kept.append(subprocess.Popen(["nc", "-lk", address, port], preexec_fn=KILL_WITH_PARENT))
        while not subprocess.run(["ss", "-Hltn", f"sport = :{port}"], capture_output=True).stdout:
            time.sleep(0.01)
    elif not in_child:
        kept.append(serve(kind, address, port, name))
    else:
        (read, write) = os.pipe()
        if os.fork() == 0:
            KILL_WITH_PARENT()
            for inherited in kept:
                inherited.close()
            kept = [serve(kind, address, port, name)]
            os.write(write, b".")
            signal.pause()
        os.read(read, 1)
print("ready", flush=True)
signal.pause()
