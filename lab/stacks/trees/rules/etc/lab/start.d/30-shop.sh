exec /etc/lab/as-shop gunicorn --workers 2 --threads 8 --bind 0.0.0.0:8000 app:app
