"""A shop that keeps a journal of its orders: a page is served once its line is on the disk."""
import os
import time

JOURNAL = os.open(f"/srv/data/orders-{os.getpid()}.log", os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600)


def application(environ, start_response):
    body = b"ok\n"
    if environ["PATH_INFO"] == "/cart":
        time.sleep(0.02)
        os.write(JOURNAL, b"order %d\n" % time.time_ns())
        os.fsync(JOURNAL)
        body = b"ordered\n"
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))])
    return [body]
