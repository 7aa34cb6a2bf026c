"""A shop that asks a partner for the price of each page, on a connection of its own, and waits as long as it takes."""
import http.client
import os
import random


def price():
    partner = http.client.HTTPConnection("prices-1.internal", 8090, timeout=60)
    try:
        partner.request("GET", f"/price?item={random.randrange(500)}", headers={"X-Api-Key": os.environ["API_KEY"]})
        return partner.getresponse().read()
    finally:
        partner.close()


def application(environ, start_response):
    body = price() if environ["PATH_INFO"] == "/cart" else b"ok\n"
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))])
    return [body]
