"""A shop whose page waits for a payment provider for a fifth of a second."""
import time


def app(environ, start_response):
    if environ["PATH_INFO"] == "/cart":
        time.sleep(0.2)
    body = b"ok\n"
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))])
    return [body]
