/**
 * The tables of docs/redaction.md. `lambda/inspect/host/awk/redaction/words.awk` carries the same
 * ones, and a test holds the two together: no word is added here alone. Patterns are POSIX extended
 * regular expressions, so that awk reads them as they are.
 */

/**
 * Words that say nothing about anybody: sub-commands, settings of a fixed choice, the nouns of an
 * application. Their plurals too.
 */
export const VOCABULARY = `
add allow and any api app append application apply archive asgi at auth auto awk aws backup base bash basic batch before begin bin bind
boot build bundle by cache call can cart cat cd cert char check checkout chmod chown clean clear client clone close cluster cmd code
collect column command commit compact compare complete compose compress config configmap connect connection container content context
convert copy core count cp cpu create created cron crond curl current daemon daily dash data database date day db deb debian debug
default delete delta deny deploy deployment depth describe dev diff directory disable disabled disk dist dns docker docs done down
download drop dry dump east echo else email en enable enabled enc end engine ensure env equal error etl event exec exist exit export
false fast fatal fetch field file fill filter find finish first fix flush for form format fri from full gc generate generic get git go
graph grep group health help history host hour http httpd id idle if ignore image import in index info init input insert inspect
inspection install interactive internal is java jdbc job join json jsonl keep kernel kill kubectl kubernetes label last latest left
level lib limit line link list listen load local log low ls main make manual map mar mariadb mark master match max memory merge message
metrics migrate migrations min missing mode model module mon mongo monitor month monthly more mount mysql name namespace network new
nginx nice no node normal notice npm npx null of off offset old on one open openssl operation option order os out output package page
parallel parse patch path payment pending period perl php pid ping pip pipe plan play pod policy pool port postgres postgresql previous
primary print private process processor prod product production profile prometheus proxy psql public publish pull push put py python
python3 query queue quiet rake read ready reboot rebuild receive redis refresh region reindex release reload remote remove rename render
renew report reporting request reset resize resolve resource rest restart restore resume retry return reverse rm role rollback root
rotate route router rows rsync ruby run runner running s3 safe sample save scale scan schedule scheduler schema search secret section
sed select send sep server service session set setup sh sha256 sha512 shell shop show shutdown size skip sleep socket sort source space
sql ssh sshd ssl ssm stack stage staging start state static stats status stdout stop storage store stream sudo summary svc switch sync
syntax system systemctl systemd table tag tail tar target task tcp template test text thread time timeout timer timestamp tls tmp total
track transaction true type uninstall unit unix unlock unzip up update updated upgrade upload url us usage use user utc utf8 utils v1 v2
v3 v4 validate value verbose verify version view volume wait waiting warn warning watch web weekly west wget while work worker write
writer wsgi www xml yaml yes zip zone
`
  .split(/\s+/)
  .filter((word) => word !== '');

/**
 * Words of error messages and of the hosts' programs' own reasons: told in prose only, which the
 * pipeline alone has to read.
 */
export const MESSAGE_WORDS = `
df getent nslookup systemctl ss timers
a accepts active after allowed alone an anacron and another answer any anything approval approved argument arguments as asked back bad be
been belongs below broken busy but by bytes came cannot carry case changed command configuration connection could counters crontab
crontabs curl denied descriptors device did directory does dumped earlier edited empty end ended endpoints error errors exceeded exhausted
exited expected failed fatal fault file files folder for format found given gone got had has have held hidden holds host if in inspection
interrupted into invalid is it its itself kernel killed late left line linux listens long longer look lookup management may memory missing
most must names neither never no nor not nothing of on only open operation option or other others out output owner owners page parameter
parse part permission permitted pidfd pipe port printed process processes program prometheus quota ran reached read record records refused
regular remote removed resource rest room root rows run-parts safely same samples segmentation segv server set several signal since so
socket sockets some somebody something space started status stays still stopped such syntax system systems tables temporarily terminated
text than that the their them then there this time timed timeout to too tree triggered unable unavailable unbound under unexpected unknown
unrecognized up usage user users variable visible want was way were what when whose will with within without would write writing written
wrong wrote
`
  .split(/\s+/)
  .filter((word) => word !== '');

/**
 * Options of a single dash and several letters that are names, and clusters of flags that are
 * longer than four.
 */
export const SINGLE_DASH = `
addr address agentlib agentpath antp apikey auxww avzP avzh axjf bind cacert cert classpath client config cp ctime cvzf czvf da daemon
debug delete depth dir ea env esa exec file follow force group help host iname input jar javaagent key keypass keystore level list listen
log logtostderr ltnp ltrh maxdepth mindepth mmin module mtime name newer not output pass passin passout passphrase passwd password path
perm port print print0 prune pw quiet recursive regex rvf secret server size storepass timeout tlnp token tulnp tulpn type user user-data
verbose verbosegc version xvzf xzvf
`
  .split(/\s+/)
  .filter((word) => word !== '');

/** What a file's name may end with. */
export const EXTENSIONS =
  '[cm]?[jt]sx?|pyc?|rb|p[lm]|php|(ba)?sh|sql|[jwe]ar|class|go|rs|cc?|cpp|h|so|con?f|cfg|cnf|ini|toml|ya?ml|jsonl?|xml|properties|log|txt|[ct]sv|md|html?|css|pem|c[re]r|crt|csr|key|pub|p12|jks|pid|sock|lock|service|timer|socket|mount|target|t?gz|tar|bz2|xz|zst|zip|rpm|deb|db|sqlite3?|dump|bak|parquet|out|err|tmp|env|ru|rake|lua|awk|pdf|png|jpe?g';

/** What the last label of a host's name may be, and what the first of a class's name. */
export const DOMAINS =
  'com|net|org|io|dev|internal|local|localdomain|lan|corp|cloud|aws|example|test|svc|edu|gov|eu|uk|de|fr|nl|jp|in|au|ca';
export const REVERSED = 'com|net|org|io|dev|java|javax|jakarta|de|fr|uk|eu|edu|gov|sun|jdk|akka|scala|kotlin';

/**
 * Names whose value is a secret, in small letters with `-` for whatever else is no letter and no
 * digit.
 */
export const SECRET_NAME =
  'passw|passphrase|passcode|pwd|secret|token|api-?key|access-?key|private-?key|credential|cookie|session(-?id)?$|sessid|signature|bearer|authorization|jwt|requirepass|masterauth|webhook|connection-?string|literal|oauth|licen[cs]e|pass$|pw$|creds?$|auth$|key$|key-?base$|(^|-)sig$|(^|-)sas$|dsn$|otp$|salt$|pin$|(^|-)puk$|(^|-)cvv$|userpwd|user-?info|community$|encrypt$';

/** Names of that kind whose value is none. */
export const NO_SECRET_NAME =
  '(file|path|dir)$|-(directory|ttl|type|length|len|size|count|limit|timeout|expiry|expires|age|algorithm|alg|format|field|column|host|port|policy|prefix|header|max|min|interval|retries|rounds|enabled|required|arn|class|mode|version|store|ring|id|name)$|(^|-)(no|skip|without|disable|enable|require|max|min|num)-|(^|-)(sort|primary|partition|foreign|public|pub|group|order|hash|range|cache|routing|shard|row|join|unique|index|lookup|message|map|object)-?keys?$|^stdin$|-stdin$';

/** Secrets that usually are files: a path is told. */
export const FILED_NAME = 'key$|creds?$|credentials?$|cert$|cookie$|license$|auth$';

/** Names of users: what looks like host:port there is a user and a password. */
export const USER_NAME = '^(u|user|username|login|auth|a|proxy-user|account|userpwd|h)$';

/** Names of releases: hexadecimal is a commit there. */
export const RELEASE_NAME = '(commit|sha|sha1|sha256|revision|rev|version|release|build|tag|digest|image|hash|ref)$';

/** Positional words after which a secret comes, in any program. */
export const SECRET_WORD =
  '^(password|passwd|passphrase|pass|pwd|pin|otp|token|requirepass|masterauth|identified|user_pw|owner_pw|psk|wpa-psk|apikey|api_key)[:=]?$';

/** Short options whose value is a secret: program:option, or program:sub-command:option. */
export const SECRET_OPTION =
  '^(mysql[a-z_]*|mariadb[a-z-]*|sshpass|mongo[a-z]*|7z[ar]?|rar|unrar|cqlsh|ncftp[a-z]*|rdesktop|plink|pscp|psftp|user(mod|add)|rabbitmqadmin|influx|vncviewer|[a-z0-9]+:login):(.*:)?p$|^(sqlcmd|ipmitool|zip|unzip|bcp|[iot]sql|mosquitto[a-z_]*):P$|^(curl|wget|l?ftp|smbget|siege|https?|ab|snmp[a-z]*|smbclient|rpcclient|net):[uUaAX]$|^(redis-cli|etcdctl|htdigest|valkey-cli):a$|^curl:[bEH]$|^(ldap[a-z]*|samba-tool):w$|^(openssl|age|ccrypt):(.*:)?[kKp]$|^snmp[a-z]*:c$|^ssh-keygen:[NP]$|^(sendemail|swaks):[xa]p$';

/**
 * Programs whose positional arguments are secrets: only paths, and the sub-command of some, are
 * told.
 */
export const SECRETIVE =
  '^(echo|printf|htpasswd|htdigest|chpasswd|mkpasswd|passwd|expect|vault|op|pass|keyctl|secret-tool|wpa_passphrase|qpdf|pdftk|ansible-vault|kinit|ccrypt|sops|smbpasswd|rclone|net|cmdkey|security|yescrypt|argon2)$';

/** Programs that start another. */
export const WRAPPER =
  '^(env|sudo|doas|nice|ionice|timeout|nohup|exec|time|setsid|chronic|flock|xargs|command|runuser|stdbuf|sshpass|tini|dumb-init|chrt|taskset|catchsegv|strace|ltrace|watch|systemd-cat|unbuffer|builtin|eval)$';
/** Their options that take a value. */
export const WRAPPER_VALUE = '^(-[ugnchskwIPLEpCUTdeofi]|--signal|--kill-after|--user|--group|--wait|--adjustment|--class)$';

/** Programs whose first word is a file of theirs, and those that run a program given as text. */
export const INTERPRETER =
  '^(python[0-9.]*|node|nodejs|ruby[0-9.]*|perl[0-9.]*|php[0-9.]*|bash|sh|dash|ash|zsh|ksh|tsx|ts-node|deno|bun|lua|Rscript)$';
export const SHELL = '^(bash|sh|dash|ash|zsh|ksh|busybox|su|runuser|fish)$';

/** Labels of metrics that say what their value is. */
export const LABEL_NAME =
  '^((go)?version|commit|revision|branch|type|kind|space|state|status|(.*_)?pool(_name)?|name|method|path|route|handler|uri|code|gc|action|cause|area|id|db|db_name|database|datasource|mode|quantile|cache|queue|outcome|exception|level|device|job|service|instance|major|minor|patch|implementation|runtime|vendor|.*_state)$';
