exec /etc/lab/as-shop API_KEY=correcthorse uwsgi --plugins python3 --http-socket 0.0.0.0:8000 --master --processes 8 --listen 100 \
  --wsgi-file app.py --disable-logging
