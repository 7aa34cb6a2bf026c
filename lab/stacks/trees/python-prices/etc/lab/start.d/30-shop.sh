exec /etc/lab/as-shop gunicorn --workers 1 --threads 8 --bind 0.0.0.0:8000 app:app
