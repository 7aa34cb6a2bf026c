<%@ page contentType="text/plain" session="false" %><%
  // A page that computes its prices.
  long total = 0;
  for (int item = 0; item < 4_000_000; item++) total = (total * 31 + item) % 1000003;
  out.print("total " + total);
%>
