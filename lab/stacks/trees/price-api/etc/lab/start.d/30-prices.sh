: > /run/ready
exec nginx -g 'daemon off;'
