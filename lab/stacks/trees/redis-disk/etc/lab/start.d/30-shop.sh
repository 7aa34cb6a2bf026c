redis-server --dir /srv/data --save '' --appendonly no --bind 127.0.0.1 &
exec /etc/lab/as-shop gunicorn --workers 2 --threads 16 --bind 0.0.0.0:8000 app:app
