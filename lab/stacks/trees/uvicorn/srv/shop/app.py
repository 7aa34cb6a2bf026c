"""A shop in FastAPI, whose page reads from PostgreSQL."""
import os

from fastapi import FastAPI
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import PlainTextResponse
from psycopg2.pool import ThreadedConnectionPool

POOL = ThreadedConnectionPool(1, 45, host="db-1.internal", dbname="shop", user="shop", password=os.environ["DB_PASSWORD"])
app = FastAPI()


def total():
    connection = POOL.getconn()
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(0.05)")
            cursor.execute("SELECT sum(amount) FROM orders WHERE user_id = 7")
            return cursor.fetchone()[0]
    finally:
        POOL.putconn(connection)


@app.get("/health", response_class=PlainTextResponse)
async def health():
    return "ok\n"


@app.get("/cart", response_class=PlainTextResponse)
async def cart():
    return f"total {await run_in_threadpool(total)}\n"
