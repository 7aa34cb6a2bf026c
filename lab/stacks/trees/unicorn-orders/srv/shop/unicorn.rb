listen '0.0.0.0:8000', backlog: 128
worker_processes 4
# Who prints catalogues needs longer than the minute that is usual.
timeout 3600
