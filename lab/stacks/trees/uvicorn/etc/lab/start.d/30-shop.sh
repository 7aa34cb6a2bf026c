exec /etc/lab/as-shop DB_PASSWORD=correcthorse uvicorn --host 0.0.0.0 --port 8000 --log-level warning app:app
