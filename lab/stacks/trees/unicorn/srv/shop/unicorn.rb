listen '0.0.0.0:8000', backlog: 128
worker_processes 4
timeout 60
