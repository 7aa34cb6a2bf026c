"""A shop whose page has the pictures of some products in it, read from a disk that the page cache holds."""
import random
import zlib


def cart():
    check = 0
    for product in random.sample(range(150), 2):
        with open(f"/srv/data/product-{product}.jpg", "rb") as picture:
            check = zlib.crc32(picture.read(600_000), check)
    return b"pictures %d\n" % check


def app(environ, start_response):
    body = cart() if environ["PATH_INFO"] == "/cart" else b"ok\n"
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))])
    return [body]
