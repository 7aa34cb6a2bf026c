# What every host computes beside its pages, at all times.
exec /etc/lab/as-shop python3 /srv/shop/recommend.py
