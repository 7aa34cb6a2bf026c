"""Works out what to recommend, over and over."""
seed = 1
while True:
    seed = (seed * 1103515245 + 12345) % 2147483648
