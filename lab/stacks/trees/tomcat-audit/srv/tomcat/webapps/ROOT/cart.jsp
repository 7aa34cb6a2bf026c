<%@ page contentType="text/plain" session="false" %><%
  // Who bought what, for the auditors: on standard output, as a service in a container would.
  Thread.sleep(20);
  StringBuilder line = new StringBuilder("audit");
  for (int item = 0; item < 120; item++) line.append(" item=").append(item * 7919 % 1000);
  System.out.println(line);
%>ordered
