"""A shop that works out its prices for each page, from the most special offer to the most general one."""


def offers(depth, found):
    found.append({"depth": depth, "price": 99.5 + depth % 7})
    return found if depth == 0 else offers(depth - 1, found)


def app(environ, start_response):
    body = b"ok\n"
    if environ["PATH_INFO"] == "/cart":
        body = b"offers %d\n" % sum(len(offers(120, [])) for item in range(300))
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))])
    return [body]
