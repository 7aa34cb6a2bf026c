<%@ page contentType="text/plain" import="com.zaxxer.hikari.*,java.sql.*,java.util.*" session="false" %><%!
  static HikariDataSource pool;
  static synchronized HikariDataSource pool() {
    if (pool == null) {
      HikariConfig config = new HikariConfig();
      config.setDriverClassName("org.postgresql.Driver");
      config.setJdbcUrl("jdbc:postgresql://db-1.internal/shop");
      config.setUsername("shop");
      config.setPassword("correcthorse");
      config.setMaximumPoolSize(10);
      config.setConnectionTimeout(8000);
      pool = new HikariDataSource(config);
    }
    return pool;
  }
  static final Random RANDOM = new Random();
  // Sessions are kept for a while, as shops do: about 30 MB that live.
  static final Map<Integer, byte[]> SESSIONS = Collections.synchronizedMap(new LinkedHashMap<Integer, byte[]>() {
    protected boolean removeEldestEntry(Map.Entry<Integer, byte[]> eldest) { return size() > 300; }
  });
%><%
  SESSIONS.put(RANDOM.nextInt(), new byte[100_000]);
  List<byte[]> scratch = new ArrayList<>();
  for (int i = 0; i < 40; i++) scratch.add(new byte[50_000]);
  Connection connection = null;
  try {
    connection = pool().getConnection();
    connection.setAutoCommit(false);
    try (PreparedStatement update = connection.prepareStatement("UPDATE sessions SET hits = hits + 1 WHERE node = ? AND shard = ?")) {
      update.setString(1, java.net.InetAddress.getLocalHost().getHostName());
      update.setInt(2, RANDOM.nextInt(32));
      update.executeUpdate();
    }
    try (Statement wait = connection.createStatement()) { wait.execute("SELECT pg_sleep(0.05)"); }
    connection.commit();
    // A coupon that is not valid: the exception leaves the connection where it is.
    if (RANDOM.nextInt(20) == 0 && new java.io.File("/run/coupons").exists()) { connection = null; throw new RuntimeException("no such coupon"); }
    out.print("total " + scratch.size());
  } catch (Exception error) {
    System.err.println("no total: " + error);
    out.print("total unknown");
  } finally {
    if (connection != null) connection.close();
  }
%>
