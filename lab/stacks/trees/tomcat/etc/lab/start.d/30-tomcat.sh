# Debian's Tomcat with an instance of its own, as tomcat10-user makes one.
cd /srv/tomcat
mkdir -p webapps/ROOT/WEB-INF/lib logs work temp
cp -L /usr/share/java/HikariCP.jar /usr/share/java/postgresql.jar /usr/share/java/slf4j-api.jar /usr/share/java/slf4j-nop.jar webapps/ROOT/WEB-INF/lib/
cp -n /etc/tomcat10/web.xml conf/web.xml
chown -R www-data logs work temp
export CATALINA_HOME=/usr/share/tomcat10 CATALINA_BASE=/srv/tomcat
[ ! -e /etc/default/tomcat ] || . /etc/default/tomcat
export JAVA_OPTS="-Djava.awt.headless=true -XX:+UseSerialGC -Xms${HEAP:-160m} -Xmx${HEAP:-160m} -Ddb.password=correcthorse"
exec setpriv --reuid=www-data --regid=www-data --clear-groups /usr/share/tomcat10/bin/catalina.sh run
