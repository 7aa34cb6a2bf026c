"""A shop that tells its orders to the RabbitMQ of its host, and answers once the broker has them."""
import pika

PARAMETERS = pika.ConnectionParameters("127.0.0.1", blocked_connection_timeout=8)
STATE = {}


def channel():
    if "channel" not in STATE or STATE["channel"].is_closed:
        STATE["channel"] = pika.BlockingConnection(PARAMETERS).channel()
        STATE["channel"].queue_declare("orders", arguments={"x-max-length": 1000})
        STATE["channel"].confirm_delivery()
    return STATE["channel"]


def app(environ, start_response):
    body = b"ok\n"
    if environ["PATH_INFO"] == "/cart":
        try:
            channel().basic_publish("", "orders", b"order")
            body = b"ordered\n"
        except pika.exceptions.AMQPError as error:
            STATE.clear()
            body = f"order kept for later: {type(error).__name__}\n".encode()
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))])
    return [body]
