"""A shop that looks into the memcached of its host for each page, and works the page out where that does not answer."""
import random
import time

from pymemcache.client.base import Client
from pymemcache.exceptions import MemcacheError


def cart():
    cache = Client(("127.0.0.1", 11211), connect_timeout=2, timeout=2)
    key = f"cart:{random.randrange(200)}"
    try:
        found = cache.get(key)
        if found is None:
            found = b"total 1\n"
            cache.set(key, found)
        return found
    except (MemcacheError, OSError):
        return b"total unknown\n"
    finally:
        cache.close()


def application(environ, start_response):
    if environ["PATH_INFO"] == "/cart":
        time.sleep(0.02)
        body = cart()
    else:
        body = b"ok\n"
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))])
    return [body]
