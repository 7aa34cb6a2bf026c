"""A shop that reads the images of a page from its disk: all of them together are 96 MB."""
import os
import random

IMAGES = os.open("/srv/data/images", os.O_RDONLY)
SIZE = 128 * 1024
COUNT = 96 * 1024 * 1024 // SIZE


def application(environ, start_response):
    body = b"ok\n"
    if environ["PATH_INFO"] == "/cart":
        total = sum(len(os.pread(IMAGES, SIZE, random.randrange(COUNT) * SIZE)) for _ in range(16))
        body = b"images %d\n" % total
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))])
    return [body]
