most = Integer(ENV.fetch('MAX_THREADS'))
threads most, most
bind 'tcp://0.0.0.0:9292'
