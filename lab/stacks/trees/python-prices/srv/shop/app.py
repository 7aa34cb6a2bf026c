"""A shop that works out its prices from a tree of offers for each page."""


def offers(depth, item):
    if depth == 0:
        return [{"item": item, "price": 100 + item % 7}]
    return [{"of": each, "depth": depth} for part in range(2) for each in offers(depth - 1, 2 * item + part)]


def app(environ, start_response):
    body = b"ok\n"
    if environ["PATH_INFO"] == "/cart":
        body = b"offers %d\n" % len(offers(12, 1))
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))])
    return [body]
