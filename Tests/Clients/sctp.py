"""An SCTP packet by hand, for kernels without SCTP (RFC 9260): python3 sctp.py send ADDRESS PORT, or receive SECONDS."""

import socket
import struct
import sys

SCTP = 132
SOURCE_PORT = 5001
TAG = 0xC0FFEE


def crc32c(data):
    """Castagnoli's, bit by bit."""
    value = 0xFFFFFFFF
    for byte in data:
        value ^= byte
        for _ in range(8):
            value = value >> 1 ^ (0x82F63B78 if value & 1 else 0)
    return value ^ 0xFFFFFFFF


def init(port):
    """An INIT chunk: initiate tag, window, streams out and in, first sequence number."""
    chunk = struct.pack("!BBHIIHHI", 1, 0, 20, TAG, 65536, 1, 1, 1)
    return packet(struct.pack("!HHII", SOURCE_PORT, port, 0, 0) + chunk)


def packet(data):
    return data[:8] + struct.pack("<I", crc32c(data[:8] + bytes(4) + data[12:])) + data[12:]


def send(address, port):
    with socket.socket(socket.AF_INET, socket.SOCK_RAW, SCTP) as raw:
        raw.sendto(init(port), (address, 0))


def receive(seconds):
    """Prints who the next INIT is from, what port it is to, and whether its checksum is right."""
    with socket.socket(socket.AF_INET, socket.SOCK_RAW, SCTP) as raw:
        raw.settimeout(seconds)
        print("ready", flush=True)
        data, sender = raw.recvfrom(2048)
        data = data[(data[0] & 15) * 4 :]
        port, tag = struct.unpack_from("!H", data, 2)[0], struct.unpack_from("!I", data, 16)[0]
        print(sender[0], port, tag == TAG and data == packet(data), flush=True)


if __name__ == "__main__":
    _, what, *rest = sys.argv
    send(rest[0], int(rest[1])) if what == "send" else receive(float(rest[0]))
