# The images of the shop.
sh /etc/lab/loop-disk 200M
