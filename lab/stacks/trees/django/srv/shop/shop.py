"""A shop in Django that keeps its carts in SQLite: settings, pages and the WSGI entry in one file."""
import os
import random

from django.core.wsgi import get_wsgi_application
from django.db import DatabaseError, connection, transaction
from django.http import HttpResponse
from django.urls import path

SECRET_KEY = os.environ["SECRET_KEY"]
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "shop"
DATABASES = {
    "default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "/srv/shop/shop.db", "OPTIONS": {"timeout": 10}}
}


def cart(request):
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("UPDATE carts SET hits = hits + 1 WHERE id = %s", [random.randrange(1, 9)])
            cursor.execute("SELECT count(*) FROM carts")
            return HttpResponse(f"total {cursor.fetchone()[0]}\n", content_type="text/plain")
    except DatabaseError as error:
        return HttpResponse(f"total unknown: {error}\n", content_type="text/plain")


urlpatterns = [path("cart", cart), path("health", lambda request: HttpResponse("ok\n", content_type="text/plain"))]
application = get_wsgi_application()
