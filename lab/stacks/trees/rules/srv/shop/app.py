"""A shop that reads its discounts for each page."""
import json
import pathlib
import time

RULES = pathlib.Path("/srv/shop/rules.json")


def app(environ, start_response):
    body = b"ok\n"
    if environ["PATH_INFO"] == "/cart":
        time.sleep(0.02)
        rules = json.loads(RULES.read_text())
        body = f"total {sum(rule['percent'] for rule in rules)}\n".encode()
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))])
    return [body]
