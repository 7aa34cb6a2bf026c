"""A shop that asks another service for the stock, with a bounded number of connections to it."""
import os
import random

import urllib3

STOCK = urllib3.HTTPConnectionPool("stock-1.internal", 8081, maxsize=16, block=True, retries=False)
PREVIEWS = []


def stock():
    if os.path.exists("/run/previews") and random.randrange(8) == 0:
        # Kept for later and never read to its end: its connection does not come back to the pool.
        PREVIEWS.append(STOCK.urlopen("GET", "/item.json", preload_content=False, pool_timeout=8))
        return "preview"
    return STOCK.urlopen("GET", "/item.json", pool_timeout=8).data.decode()


def app(environ, start_response):
    status, body = "200 OK", "ok\n"
    if environ["PATH_INFO"] == "/cart":
        try:
            body = stock()
        except urllib3.exceptions.HTTPError as error:  # the page is served without the stock
            print(f"no stock: {error}", flush=True)
            body = "stock unknown\n"
    elif environ["PATH_INFO"] != "/health":
        status, body = "404 Not Found", "no such page\n"
    start_response(status, [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))])
    return [body.encode()]
