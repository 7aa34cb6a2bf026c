# The code of the shop, as a framework comes with it.
mkdir -p /srv/shop/src
python3 - <<'PY'
for number in range(150):
    with open(f"/srv/shop/src/Part{number}.php", "w") as part:
        part.write(f"<?php\nclass Part{number} {{\n")
        for line in range(120):
            part.write(f"  public function price{line}($item) {{\n")
            part.write(f"    $total = $item * {line} + {number};\n")
            part.write("    if ($total > 100) { $total = $total / 2; }\n")
            part.write("    return ['item' => $item, 'total' => $total];\n  }\n")
        part.write("}\n")
PY
