exec /etc/lab/as-shop STOCK_API_KEY=correcthorse \
  gunicorn --workers 1 --threads 48 --bind 0.0.0.0:8000 --access-logfile /dev/null app:app
