# Debian's RabbitMQ beside the application, with little memory.
chown -R rabbitmq /etc/rabbitmq /var/lib/rabbitmq /var/log/rabbitmq
export HOME=/var/lib/rabbitmq RABBITMQ_NODENAME=rabbit@localhost RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS='+S 1:1 +sbwt none'
setpriv --reuid=rabbitmq --regid=rabbitmq --clear-groups /usr/lib/rabbitmq/bin/rabbitmq-server &
until (exec 3<> /dev/tcp/127.0.0.1/5672) 2> /dev/null || ss -ltn | grep -q :5672; do sleep 0.5; done
exec /etc/lab/as-shop APP_SECRET=correcthorse gunicorn --workers 6 --bind 0.0.0.0:8000 app:app
