# The tables of docs/redaction.md, as core/diagnose/redaction/words.ts has them: a test compares
# the two.

BEGIN {
  load( \
    "add allow and any api app append application apply archive asgi at auth auto awk aws backup " \
    "base bash basic batch before begin bin bind boot build bundle by cache call can cart cat cd " \
    "cert char check checkout chmod chown clean clear client clone close cluster cmd code collect " \
    "column command commit compact compare complete compose compress config configmap connect " \
    "connection container content context convert copy core count cp cpu create created cron " \
    "crond curl current daemon daily dash data database date day db deb debian debug default " \
    "delete delta deny deploy deployment depth describe dev diff directory disable disabled disk " \
    "dist dns docker docs done down download drop dry dump east echo else email en enable enabled " \
    "enc end engine ensure env equal error etl event exec exist exit export false fast fatal " \
    "fetch field file fill filter find finish first fix flush for form format fri from full gc " \
    "generate generic get git go graph grep group health help history host hour http httpd id " \
    "idle if ignore image import in index info init input insert inspect inspection install " \
    "interactive internal is java jdbc job join json jsonl keep kernel kill kubectl kubernetes " \
    "label last latest left level lib limit line link list listen load local log low ls main make " \
    "manual map mar mariadb mark master match max memory merge message metrics migrate migrations " \
    "min missing mode model module mon mongo monitor month monthly more mount mysql name " \
    "namespace network new nginx nice no node normal notice npm npx null of off offset old on one " \
    "open openssl operation option order os out output package page parallel parse patch path " \
    "payment pending period perl php pid ping pip pipe plan play pod policy pool port postgres " \
    "postgresql previous primary print private process processor prod product production profile " \
    "prometheus proxy psql public publish pull push put py python python3 query queue quiet rake " \
    "read ready reboot rebuild receive redis refresh region reindex release reload remote remove " \
    "rename render renew report reporting request reset resize resolve resource rest restart " \
    "restore resume retry return reverse rm role rollback root rotate route router rows rsync " \
    "ruby run runner running s3 safe sample save scale scan schedule scheduler schema search " \
    "secret section sed select send sep server service session set setup sh sha256 sha512 shell " \
    "shop show shutdown size skip sleep socket sort source space sql ssh sshd ssl ssm stack stage " \
    "staging start state static stats status stdout stop storage store stream sudo summary svc " \
    "switch sync syntax system systemctl systemd table tag tail tar target task tcp template test " \
    "text thread time timeout timer timestamp tls tmp total track transaction true type uninstall " \
    "unit unix unlock unzip up update updated upgrade upload url us usage use user utc utf8 utils " \
    "v1 v2 v3 v4 validate value verbose verify version view volume wait waiting warn warning " \
    "watch web weekly west wget while work worker write writer wsgi www xml yaml yes zip zone", \
    VOCABULARY)
}

BEGIN {
  load( \
    "addr address agentlib agentpath antp apikey auxww avzP avzh axjf bind cacert cert classpath " \
    "client config cp ctime cvzf czvf da daemon debug delete depth dir ea env esa exec file " \
    "follow force group help host iname input jar javaagent key keypass keystore level list " \
    "listen log logtostderr ltnp ltrh maxdepth mindepth mmin module mtime name newer not output " \
    "pass passin passout passphrase passwd password path perm port print print0 prune pw quiet " \
    "recursive regex rvf secret server size storepass timeout tlnp token tulnp tulpn type user " \
    "user-data verbose verbosegc version xvzf xzvf", \
    SINGLE_DASH)
}

function load(s, t,  a, n, i) {
  n = split(s, a, /[ \n]+/)
  for (i = 1; i <= n; i++) {
    if (a[i] != "") {
      t[a[i]]
    }
  }
}
