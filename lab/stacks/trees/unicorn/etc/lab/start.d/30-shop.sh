exec /etc/lab/as-shop SESSION_SECRET=correcthorse unicorn --config-file unicorn.rb --env production config.ru
