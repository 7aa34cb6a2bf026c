<%@ page contentType="text/plain" import="java.util.*" session="false" %><%!
  // The catalogue is kept in memory: some millions of small objects.
  static final Map<Integer, List<String>> CATALOG = new HashMap<>();
  static { for (int item = 0; item < 1_500_000; item++) CATALOG.put(item, Arrays.asList("item " + item, "price " + item % 97)); }
  static final Random RANDOM = new Random();
%><%
  Thread.sleep(40); // another service answers
  int found = 0;
  for (int item = 0; item < 50; item++) found += CATALOG.get(RANDOM.nextInt(1_500_000)).size();
  out.print("total " + found);
%>
