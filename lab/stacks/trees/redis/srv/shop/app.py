"""A shop that keeps its carts in the Redis beside it."""
import random

import redis

POOL = redis.BlockingConnectionPool(host="127.0.0.1", max_connections=10, timeout=10)
STORE = redis.Redis(connection_pool=POOL)


def app(environ, start_response):
    body = b"ok\n"
    if environ["PATH_INFO"] == "/cart":
        user = random.randrange(1000)
        for item in range(5):
            STORE.hincrby(f"cart:{user}", f"item{item}", 1)
        body = str(len(STORE.hgetall(f"cart:{user}"))).encode()
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))])
    return [body]
