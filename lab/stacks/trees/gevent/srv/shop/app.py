"""A shop that draws a picture for each page while it waits for another service."""
import time

SHELVES = {item: f"article {item}" * 4 for item in range(60_000)}
time.sleep(3)  # as long as it takes to ask everybody whether they are there


def app(environ, start_response):
    body = b"ok\n"
    if environ["PATH_INFO"] == "/cart":
        picture = bytearray(b"\xff" * 12_000_000)
        time.sleep(0.06)
        body = b"picture %d\n" % len(picture)
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))])
    return [body]
