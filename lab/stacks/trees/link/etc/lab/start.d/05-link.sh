# The host may send 20 Mbit/s, as a small instance does once its credit is used up.
exec tc qdisc add dev eth0 root tbf rate 20mbit burst 64k latency 500ms
