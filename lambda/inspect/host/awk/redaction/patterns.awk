# The patterns of docs/redaction.md, as core/diagnose/redaction/words.ts has them: a test compares the two.

BEGIN {
  FILE = \
    "^[A-Za-z0-9._+%-]*[A-Za-z0-9_*][.]([cm]?[jt]sx?|pyc?|rb|p[lm]|php|(ba)?sh|sql|[jwe]ar|" \
    "class|go|rs|cc?|cpp|h|so|con?f|cfg|cnf|ini|toml|ya?ml|jsonl?|xml|properties|log|txt|" \
    "[ct]sv|md|html?|css|pem|c[re]r|crt|csr|key|pub|p12|jks|pid|sock|lock|service|timer|socket|" \
    "mount|target|t?gz|tar|bz2|xz|zst|zip|rpm|deb|db|sqlite3?|dump|bak|parquet|out|err|tmp|env|" \
    "ru|rake|lua|awk|pdf|png|jpe?g)$"
  DOTTED = \
    "^[A-Za-z0-9_-]+([.][A-Za-z0-9_-]+)*[.](com|net|org|io|dev|internal|local|localdomain|lan|" \
    "corp|cloud|aws|example|test|svc|edu|gov|eu|uk|de|fr|nl|jp|in|au|ca)(:[0-9]+)?$"
  CLASS = \
    "^(com|net|org|io|dev|java|javax|jakarta|de|fr|uk|eu|edu|gov|sun|jdk|akka|scala|" \
    "kotlin)[.][A-Za-z0-9_$]+([.][A-Za-z0-9_$*]+)+$"
  URL_HEAD = "^[A-Za-z][A-Za-z0-9+.:-]*:[/][/]"
  VARIABLE_HEAD = "^[$]([{][A-Z_][A-Z0-9_]*[}]|[A-Z_][A-Z0-9_]*)[/]"
  SECRET_NAME = \
    "passw|passphrase|passcode|pwd|secret|token|api-?key|access-?key|private-?key|credential|" \
    "cookie|session(-?id)?$|sessid|signature|bearer|authorization|jwt|requirepass|masterauth|" \
    "webhook|connection-?string|literal|oauth|licen[cs]e|pass$|pw$|creds?$|auth$|key$|" \
    "key-?base$|(^|-)sig$|(^|-)sas$|dsn$|otp$|salt$|pin$|(^|-)puk$|(^|-)cvv$|userpwd|" \
    "user-?info|community$|encrypt$"
  NO_SECRET_NAME = \
    "(file|path|dir)$|-(directory|ttl|type|length|len|size|count|limit|timeout|expiry|expires|" \
    "age|algorithm|alg|format|field|column|host|port|policy|prefix|header|max|min|interval|" \
    "retries|rounds|enabled|required|arn|class|mode|version|store|ring|id|name)$|(^|-)(no|skip|" \
    "without|disable|enable|require|max|min|num)-|(^|-)(sort|primary|partition|foreign|public|" \
    "pub|group|order|hash|range|cache|routing|shard|row|join|unique|index|lookup|message|map|" \
    "object)-?keys?$|^stdin$|-stdin$"
  FILED_NAME = "key$|creds?$|credentials?$|cert$|cookie$|license$|auth$"
  USER_NAME = "^(u|user|username|login|auth|a|proxy-user|account|userpwd|h)$"
  VERSION = "^v?[0-9]+([.][0-9]+)*([-+._]?(rc|alpha|beta|b|a|p|snapshot|final|release|ga|dev|build|" \
    "alpine|slim|bookworm|bullseye|jammy|noble|lts|el|amzn|deb|ubuntu|jre|jdk|fpm)[0-9.]*)*$"
  RELEASE_NAME = \
    "(commit|sha|sha1|sha256|revision|rev|version|release|build|tag|digest|image|hash|ref)$"
  SECRET_WORD = \
    "^(password|passwd|passphrase|pass|pwd|pin|otp|token|requirepass|masterauth|identified|" \
    "user_pw|owner_pw|psk|wpa-psk|apikey|api_key)[:=]?$"
  SECRET_OPTION = \
    "^(mysql[a-z_]*|mariadb[a-z-]*|sshpass|mongo[a-z]*|7z[ar]?|rar|unrar|cqlsh|ncftp[a-z]*|" \
    "rdesktop|plink|pscp|psftp|user(mod|add)|rabbitmqadmin|influx|vncviewer|" \
    "[a-z0-9]+:login):(.*:)?p$|^(sqlcmd|ipmitool|zip|unzip|bcp|[iot]sql|mosquitto[a-z_]*):P$|" \
    "^(curl|wget|l?ftp|smbget|siege|https?|ab|snmp[a-z]*|smbclient|rpcclient|net):[uUaAX]$|" \
    "^(redis-cli|etcdctl|htdigest|valkey-cli):a$|^curl:[bEH]$|^(ldap[a-z]*|samba-tool):w$|" \
    "^(openssl|age|ccrypt):(.*:)?[kKp]$|^snmp[a-z]*:c$|^ssh-keygen:[NP]$|^(sendemail|" \
    "swaks):[xa]p$"
}

# Programs, and labels of metrics.
BEGIN {
  SECRETIVE = \
    "^(echo|printf|htpasswd|htdigest|chpasswd|mkpasswd|passwd|expect|vault|op|pass|keyctl|" \
    "secret-tool|wpa_passphrase|qpdf|pdftk|ansible-vault|kinit|ccrypt|sops|smbpasswd|rclone|" \
    "net|cmdkey|security|yescrypt|argon2)$"
  WRAPPER = \
    "^(env|sudo|doas|nice|ionice|timeout|nohup|exec|time|setsid|chronic|flock|xargs|command|" \
    "runuser|stdbuf|sshpass|tini|dumb-init|chrt|taskset|catchsegv|strace|ltrace|watch|" \
    "systemd-cat|unbuffer|builtin|eval)$"
  WRAPPER_VALUE = \
    "^(-[ugnchskwIPLEpCUTdeofi]|--signal|--kill-after|--user|--group|--wait|--adjustment|" \
    "--class)$"
  INTERPRETER = \
    "^(python[0-9.]*|node|nodejs|ruby[0-9.]*|perl[0-9.]*|php[0-9.]*|bash|sh|dash|ash|zsh|ksh|" \
    "tsx|ts-node|deno|bun|lua|Rscript)$"
  SHELL = "^(bash|sh|dash|ash|zsh|ksh|busybox|su|runuser|fish)$"
  LABEL_NAME = \
    "^((go)?version|commit|revision|branch|type|kind|space|state|status|(.*_)?pool(_name)?|" \
    "name|method|path|route|handler|uri|code|gc|action|cause|area|id|db|db_name|database|" \
    "datasource|mode|quantile|cache|queue|outcome|exception|level|device|job|service|instance|" \
    "major|minor|patch|implementation|runtime|vendor|.*_state)$"
}
