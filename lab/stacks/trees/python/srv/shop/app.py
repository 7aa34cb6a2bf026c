"""A small shop: one page with a database transaction in it, as people write it with SQLAlchemy."""
import os
import random
import socket

from sqlalchemy import create_engine, text

NODE = socket.gethostname()


def engine(url):
    return create_engine(url, pool_size=int(os.environ.get("DB_POOL_SIZE", "10")), max_overflow=0, pool_timeout=10)


ENGINE = engine(os.environ.get("DATABASE_URL", "postgresql+psycopg2://shop:correcthorse@db-1.internal/shop"))
# Where orders are read from, when that is not the primary.
READER = engine(os.environ["READER_URL"]) if "READER_URL" in os.environ else None
ORDERS = text("SELECT sum(amount) FROM orders WHERE user_id = :user")


def prices():
    """What a page computes by itself: about ten milliseconds of CPU."""
    total = 0
    for item in range(int(os.environ.get("PAGE_WORK", "60000"))):
        total = (total * 31 + item) % 1000003
    return total


def orders(primary):
    user = {"user": random.randrange(500)}
    if READER is None:
        return primary.execute(ORDERS, user).scalar()
    with READER.connect() as replica:
        return replica.execute(ORDERS, user).scalar()


def cart(environ):
    with ENGINE.begin() as connection:
        connection.execute(
            text("UPDATE sessions SET hits = hits + 1 WHERE node = :node AND shard = :shard"),
            {"node": NODE, "shard": random.randrange(32)},
        )
        connection.execute(text("SELECT pg_sleep(0.05)"))
        total = orders(connection)
    return f"total {total} {prices()}\n"


def app(environ, start_response):
    path = environ["PATH_INFO"]
    if path == "/health":
        status, body = "200 OK", "ok\n"
    elif path == "/cart":
        try:
            status, body = "200 OK", cart(environ)
        except Exception as error:  # the page is served without a total
            print(f"no total: {error}", flush=True)
            status, body = "200 OK", "total unknown\n"
    else:
        status, body = "404 Not Found", "no such page\n"
    start_response(status, [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))])
    return [body.encode()]
