"""A shop that keeps the shelves of its pages in the memcached of its host, and asks the database for those that are not there."""
import os
import random

import psycopg2
from pymemcache.client.base import Client

CACHE = Client(("127.0.0.1", 11211), connect_timeout=2, timeout=5, ignore_exc=True)
DB = psycopg2.connect(f"host=db-1.internal user=shop dbname=shop password={os.environ['DB_PASSWORD']}")
DB.autocommit = True


def shelf(number):
    found = CACHE.get(f"shelf:{number}")
    if found is None:
        with DB.cursor() as cursor:
            cursor.execute("SELECT sum(amount), pg_sleep(0.03) FROM orders WHERE user_id = %s", [number])
            found = str(cursor.fetchone()[0]).encode().ljust(40_000)
        CACHE.set(f"shelf:{number}", found)
    return len(found)


def application(environ, start_response):
    body = b"ok\n"
    if environ["PATH_INFO"] == "/cart":
        body = b"total %d\n" % sum(shelf(random.randrange(200)) for _ in range(6))
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))])
    return [body]
