# Debian's Tomcat with an instance of its own; what it prints goes to the collector, as people do it without an agent.
cd /srv/tomcat
mkdir -p webapps/ROOT/WEB-INF logs work temp
cp -n /etc/tomcat10/web.xml conf/web.xml
chown -R www-data logs work temp
export CATALINA_HOME=/usr/share/tomcat10 CATALINA_BASE=/srv/tomcat
export JAVA_OPTS="-Djava.awt.headless=true -XX:+UseSerialGC -Xms160m -Xmx160m -Dmail.password=correcthorse"
setpriv --reuid=www-data --regid=www-data --clear-groups /usr/share/tomcat10/bin/catalina.sh run 2> /var/log/lab-tomcat.log |
  logger --tcp --server logs-1.internal --port 6514 --size 4096 --tag tomcat
