"""A shop that adds up a basket."""


def app(environ, start_response):
    body = b"ok\n"
    if environ["PATH_INFO"] == "/cart":
        body = b"total %d\n" % sum(item * 3 % 7 for item in range(60000))
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))])
    return [body]
