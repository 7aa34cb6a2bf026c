: > /run/ready
