"""A shop that reads its prices from a mount that a program serves."""
import json


def application(environ, start_response):
    body = b"ok\n"
    if environ["PATH_INFO"] == "/cart":
        with open("/srv/prices/prices.json") as prices:
            body = b"total %d\n" % json.load(prices)["price"]
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))])
    return [body]
